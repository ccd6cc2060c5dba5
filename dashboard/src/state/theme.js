/**
 * Dark or light: as the system says until somebody chooses, then as chosen.
 *
 * @module
 */

/** @typedef {'light'|'dark'} Mode */

const KEY = 'rolescope.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** @returns {Mode} */
export function mode() {
  return chosen() ?? (system.matches ? 'dark' : 'light');
}

/** @returns {boolean} whether things may move */
export function animated() {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * Shows the mode now and whenever it changes.
 *
 * @param {HTMLButtonElement} button changes it
 */
export function openTheme(button) {
  const show = () => {
    document.documentElement.dataset.theme = mode();
    button.textContent = mode() === 'dark' ? 'Light colours' : 'Dark colours';
    document.dispatchEvent(new CustomEvent('themechange'));
  };
  button.addEventListener('click', () => {
    remember(mode() === 'dark' ? 'light' : 'dark');
    show();
  });
  system.addEventListener('change', show);
  show();
}

/** @returns {Mode|null} */
function chosen() {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'dark' || value === 'light' ? value : null;
  } catch {
    return null;
  }
}

/** @param {Mode} value */
function remember(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the system's own.
  }
}

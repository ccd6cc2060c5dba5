/**
 * Elements made in one expression.
 *
 * @module
 */

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * An element. Properties beginning with `on` are listeners, `class` and what has a dash or is not a property of the element are
 * attributes; what is null or false is left out.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>|null} [properties]
 * @param {...(Child|Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2).toLowerCase(), value);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.flat().filter(given).map(asNode));
  return element;
}

/**
 * A labelled choice.
 *
 * @param {string} label
 * @param {{value: string, text: string}[]} options
 * @param {string} value chosen now
 * @param {(value: string) => void} changed
 * @param {Record<string, any>} [properties] of the `select`
 * @returns {{element: HTMLLabelElement, select: HTMLSelectElement}}
 */
export function choice(label, options, value, changed, properties = {}) {
  const id = 'choose-' + label.toLowerCase().replaceAll(/\W+/g, '-');
  const select = h('select', { id, ...properties, onChange: () => changed(select.value) }, choices(options));
  select.value = value;
  return { element: h('label', { class: 'field' }, h('span', null, label), select), select };
}

/**
 * @param {{value: string, text: string}[]} options
 * @returns {HTMLOptionElement[]}
 */
export function choices(options) {
  return options.map((option) => h('option', { value: option.value }, option.text));
}

/**
 * Says something to who cannot see it.
 *
 * @param {string} text
 */
export function announce(text) {
  const place = document.getElementById('announcements');
  if (place && place.textContent !== text) {
    place.textContent = text;
  }
}

/** @param {Child} child */
function given(child) {
  return child !== null && child !== undefined && child !== false;
}

/** @param {Child} child */
function asNode(child) {
  return child instanceof Node ? child : String(child);
}

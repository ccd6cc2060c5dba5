/**
 * The attention pattern of a head on a prompt: every model of the run, and what differs between two.
 *
 * @module
 */

import * as patternDifference from '../charts/pattern-difference.js';
import * as patternMatrix from '../charts/pattern-matrix.js';
import { partName, tokenText } from '../state/format.js';
import { indexOf } from '../state/route.js';
import { announce, choice, choices, h } from './dom.js';
import { patternFigure } from './pattern-figure.js';
import { loading } from './status.js';
import { tokenAttention } from './token-attention.js';

/** @typedef {import('../api/pattern.js').DecodedPattern} DecodedPattern */

const DIFFERENCE = 'Instruct − base';

/**
 * @param {{api: import('../api/api.js').Api, detail: import('../api/types.js').RunDetail, layer: number, head: number, change: (query: Record<string, any>) => void}} context
 */
export function patternSection({ api, detail, layer, head, change }) {
  const { prompts, models, categories, run } = detail;
  const prompt = choice('Prompt', [], '', (to) => change({ prompt: to, token: null }));
  prompt.select.replaceChildren(...categories.map((category) => group(category, prompts)));
  const sink = h('input', { type: 'checkbox', id: 'sink', onChange: () => change({ sink: sink.checked ? null : 'off' }) });
  const box = h('label', { class: 'check', for: 'sink' }, sink, ' Attention to the first token (sink)');
  const state = h('p', { class: 'note', id: 'lock' });
  const pictures = h('div', { class: 'patterns' });
  const lists = h('div', { class: 'lists' });
  const element = h('section', { 'aria-label': 'Attention pattern' }, h('h3', null, 'Attention pattern'), h('div', { class: 'controls' }, prompt.element, box), state, pictures, lists);

  /** @type {ReturnType<typeof patternFigure>[]} */
  let figures = [];
  /** @type {{name: string, decoded: DecodedPattern}[]} */
  let named = [];
  /** @type {number|null} */
  let locked = null;
  let shown = '';

  /** @param {number|null} token */
  function focus(token) {
    figures.forEach((figure) => figure.focus(token));
    const tokens = named[0]?.decoded.tokens ?? [];
    lists.replaceChildren(...(token === null || token >= tokens.length ? [] : [tokenAttention(token, named)]));
    const text = token === null ? '' : `Token ${token}, “${tokenText(tokens[token] ?? '')}”`;
    state.textContent =
      locked === null
        ? `${text && text + '. '}Point at a token, or move with the arrow keys; click or press Enter to lock it.`
        : `${text} is locked. Click again or press Esc to unlock.`;
    return text;
  }
  const listener = {
    hover: (/** @type {number|null} */ token) => locked === null && focus(token),
    step: (/** @type {number} */ token) => {
      if (locked === null) {
        announce(focus(token));
      } else {
        lock(token);
      }
    },
    lock: (/** @type {number} */ token) => lock(locked === null ? token : null),
  };
  /** At once, so that what is done before the address has changed is done to what is seen. @param {number|null} token */
  function lock(token) {
    locked = token;
    const text = focus(token);
    announce(token === null ? 'Unlocked' : `${text} is locked`);
    change({ token });
  }
  const unlock = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape' && locked !== null) {
      lock(null);
    }
  };
  addEventListener('keydown', unlock);

  function closeFigures() {
    figures.forEach((figure) => figure.close());
    figures = [];
  }
  /**
   * @param {number} index of the prompt
   * @param {boolean} off whether the sink is left out
   */
  async function open(index, off) {
    if (figures.length === 0) {
      pictures.replaceChildren(loading('pattern'));
    }
    const sent = await Promise.all(models.map(({ part }) => api.pattern(run.id, part, layer, head, index)));
    if (shown !== `${index}.${off}`) {
      return;
    }
    named = models.map(({ part }, place) => ({ name: partName(part), decoded: seen(sent[place], off) }));
    const drawn = sent.map((decoded) => ({ ...decoded, withoutSink: off }));
    closeFigures();
    figures = named.map(({ name, decoded }, place) =>
      patternFigure(name, { module: patternMatrix, data: drawn[place], settings: { title: name } }, decoded, listener));
    if (named.length === 2 && named[0].decoded.size === named[1].decoded.size) {
      const [base, instruct] = named.map(({ decoded }) => decoded);
      const difference = { ...instruct, pattern: instruct.pattern.map((value, cell) => value - base.pattern[cell]) };
      const drawing = { module: patternDifference, data: [drawn[1], drawn[0]], settings: { title: DIFFERENCE } };
      figures.push(patternFigure(DIFFERENCE, drawing, difference, listener));
    }
    pictures.replaceChildren(...figures.map((figure) => figure.element));
  }
  return {
    element,
    /** @param {import('../state/route.js').Route} route */
    async show(route) {
      const index = indexOf(route, 'prompt', prompts.length) ?? 0;
      const off = route.query.sink === 'off';
      prompt.select.value = String(index);
      sink.checked = !off;
      if (shown !== `${index}.${off}`) {
        shown = `${index}.${off}`;
        await open(index, off);
      }
      locked = indexOf(route, 'token', named[0]?.decoded.size ?? 0);
      focus(locked);
    },
    close() {
      removeEventListener('keydown', unlock);
      closeFigures();
    },
  };
}

/**
 * @param {DecodedPattern} sent
 * @param {boolean} off whether attention to the first token is left out
 * @returns {DecodedPattern}
 */
function seen(sent, off) {
  return off ? { ...sent, pattern: patternMatrix.withoutFirstKey(sent.pattern, sent.size) } : sent;
}

/**
 * @param {string} category
 * @param {import('../api/types.js').PromptInfo[]} prompts
 */
function group(category, prompts) {
  const own = prompts.filter((prompt) => prompt.category === category);
  return h('optgroup', { label: category }, choices(own.map(({ index, text }) => ({ value: String(index), text }))));
}

// One sentence in which spans are marked, with the mouse, a finger or the keyboard.
import { headOf, html, nameOf, useRef, useState } from './ui.js';
import { colour, cut, lanes, words } from './text.js';

const MOST_LANES = 8;
let made = 0;

/** Adds or takes away a mark: the same one again takes it away; one label's marks never overlap. */
export function toggled(marks, label, start, end) {
  const name = nameOf(label);
  const of = headOf(label);
  const alike = marks.filter(m => m.label === name && headLabel(marks, m) === of);
  const same = alike.find(m => m.start === start && m.end === end);
  if (same) return without(marks, [same.id]);
  const gone = alike.filter(m => m.start < end && start < m.end).map(m => m.id);
  const mark = { id: 'm' + ++made + Date.now().toString(36), label: name, start, end };
  if (of) {
    const heads = marks.filter(m => m.label === of && !gone.includes(m.id));
    if (!heads.length) return null;
    mark.of = heads.sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start))[0].id;
  }
  return [...without(marks, gone), mark].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The label of what a mark hangs on: labels of one name about different heads are different labels. */
const headLabel = (marks, mark) => (marks.find(m => m.id === mark.of) || {}).label;

/** Marks without some, and without what hung on them. */
export function without(marks, ids) {
  const gone = new Set(ids);
  for (let grown = true; grown;) {
    grown = false;
    for (const mark of marks) {
      if (mark.of && gone.has(mark.of) && !gone.has(mark.id)) grown = !!gone.add(mark.id);
    }
  }
  return marks.filter(mark => !gone.has(mark.id));
}

/**
 * @param sentence {text, marks, none}
 * @param labels the task's; number n marks with the n-th
 * @param label the index of the one that the mouse marks with
 */
export function Annotator({ number, sentence, labels, label, setLabel, change, remove }) {
  const { text, marks } = sentence;
  const all = words(text);
  const [at, setAt] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const [focused, setFocused] = useState(false);
  const [hint, setHint] = useState('');
  const dragging = useRef(null);
  const [drag, setDrag] = useState(null);
  const selection = drag || (focused ? [Math.min(at, anchor), Math.max(at, anchor)] : null);

  const mark = (index, from, to) => {
    if (!all.length) return;
    if (!labels[index]) {
      setHint(labels.length ? 'Choose a label to mark with first.' : 'Say what to look for first: there is no label to mark with.');
      return;
    }
    const next = toggled(marks, labels[index], all[from].start, all[to].end);
    setHint(next ? '' : `Mark its ${headOf(labels[index])} first: ${nameOf(labels[index])} hangs on one.`);
    if (next) change({ ...sentence, marks: next, none: false });
  };
  const wordAt = event => {
    const target = document.elementFromPoint(event.clientX, event.clientY);
    const word = target && target.closest('[data-word]');
    return word && event.currentTarget.contains(word) ? Number(word.dataset.word) : null;
  };
  const down = event => {
    if (event.button) return;
    const word = wordAt(event);
    if (word === null) return;
    dragging.current = word;
    setDrag([word, word]);
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = event => {
    const word = dragging.current === null ? null : wordAt(event);
    if (word !== null) setDrag([Math.min(word, dragging.current), Math.max(word, dragging.current)]);
  };
  const up = () => {
    if (dragging.current === null || !drag) return;
    dragging.current = null;
    setDrag(null);
    setAt(drag[1]);
    setAnchor(drag[1]);
    // A click on a marked word takes its mark away, whatever its label.
    const word = all[drag[0]];
    const hit = drag[0] === drag[1] && (marks.find(m => m.label === nameOf(labels[label] || '') && m.start <= word.start && m.end >= word.end)
      || (!headOf(labels[label] || '') && marks.find(m => m.start <= word.start && m.end >= word.end)));
    if (hit) change({ ...sentence, marks: without(marks, [hit.id]) });
    else mark(label, ...drag);
  };
  const cancel = () => (dragging.current = null, setDrag(null));

  const keys = event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const last = Math.max(0, all.length - 1);
    const go = to => (setAt(to), event.shiftKey || setAnchor(to));
    const key = event.key;
    if (key === 'ArrowRight') go(Math.min(last, at + 1));
    else if (key === 'ArrowLeft') go(Math.max(0, at - 1));
    else if (key === 'Home') go(0);
    else if (key === 'End') go(last);
    else if (key === 'ArrowDown' || key === 'ArrowUp') neighbour(event.currentTarget, key === 'ArrowDown');
    else if (key === 'Enter' || key === ' ') (mark(label, ...selection), setAnchor(at));
    else if (/^[1-9]$/.test(key) && labels[key - 1]) (setLabel(key - 1), mark(key - 1, ...selection), setAnchor(at));
    else if (key === 'Delete' || key === 'Backspace') {
      const word = all[at];
      const hit = word && marks.filter(m => m.start < word.end && word.start < m.end).map(m => m.id);
      if (hit && hit.length) change({ ...sentence, marks: without(marks, hit) });
    } else if (key === 'n') change({ ...sentence, marks: [], none: !sentence.none });
    else return;
    event.preventDefault();
  };

  const state = marks.length ? 'marked' : sentence.none ? 'none' : 'open';
  return html`<li class="sentence ${state}">
    <div class="text annotate t${lanes(marks).count}" dir="auto" tabindex="0" role="listbox" aria-multiselectable="true" aria-label=${`Sentence ${number}: ${text}`}
      aria-activedescendant=${focused && all.length ? `w${number}-${at}` : undefined} data-sentence=${number}
      onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerCancel=${cancel} onKeyDown=${keys}
      onFocus=${() => setFocused(true)} onBlur=${() => setFocused(false)}>
      <${Words} number=${number} text=${text} all=${all} marks=${marks} selection=${selection} at=${focused ? at : -1} />
    </div>
    <div class="below">
      ${marks.map(m => html`<span class="mark ${colour(m.label)}" key=${m.id}><bdi class="chip">${m.label}</bdi>
        <bdi>${[...text].slice(m.start, m.end).join('')}</bdi>${m.of && html`<${Head} mark=${m} sentence=${sentence} change=${change} />`}
        <button type="button" class="x" aria-label=${`Remove ${m.label}`} onClick=${() => change({ ...sentence, marks: without(marks, [m.id]) })}>×</button></span>`)}
      ${!marks.length && html`<label class="check"><input type="checkbox" checked=${sentence.none} onChange=${e => change({ ...sentence, none: e.target.checked })} /> nothing to find here</label>`}
      ${hint && html`<span class="warning" role="alert">${hint}</span>`}
      <button type="button" class="x away" aria-label=${`Remove sentence ${number}`} onClick=${remove}>×</button>
    </div></li>`;
}

function neighbour(from, down) {
  const every = [...document.querySelectorAll('.annotate')];
  const next = every[every.indexOf(from) + (down ? 1 : -1)];
  if (next) next.focus();
}

/** Of which head a mark is, to be chosen where there are several. */
function Head({ mark, sentence, change }) {
  const heads = sentence.marks.filter(m => m.label === headLabel(sentence.marks, mark));
  const textOf = m => [...sentence.text].slice(m.start, m.end).join('');
  const choose = event => change({ ...sentence, marks: sentence.marks.map(m => m.id === mark.id ? { ...m, of: event.target.value } : m) });
  return html` <small>of</small> ${heads.length > 1
    ? html`<select aria-label=${`Head of ${mark.label}`} value=${mark.of} onChange=${choose}>${heads.map(m => html`<option key=${m.id} value=${m.id}>${textOf(m)}</option>`)}</select>`
    : html`<bdi>${heads[0] ? textOf(heads[0]) : '?'}</bdi>`}`;
}

function Words({ number, text, all, marks, selection, at }) {
  const lane = lanes(marks);
  const from = selection && all.length ? all[selection[0]].start : -1;
  const to = selection && all.length ? all[selection[1]].end : -1;
  return cut(text, [...marks, ...all.map((word, index) => ({ ...word, index }))]).map(piece => {
    const word = piece.spans.find(span => span.index !== undefined);
    const covering = piece.spans.filter(span => span.index === undefined).sort((a, b) => lane.of(a) - lane.of(b));
    const chosen = piece.start >= from && piece.end <= to;
    const inner = html`<span class="${word ? 'w' : ''} ${chosen ? 'chosen' : ''} ${word && word.index === at ? 'at' : ''}"
      data-word=${word ? word.index : undefined} role=${word ? 'option' : undefined} id=${word && word.start === piece.start ? `w${number}-${word.index}` : undefined}
      aria-selected=${word ? chosen || covering.length > 0 : undefined}>${piece.text}</span>`;
    return covering.reduce((within, span) => html`<mark class="${colour(span.label)} k${Math.min(lane.of(span), MOST_LANES - 1)}">${within}</mark>`, inner);
  });
}

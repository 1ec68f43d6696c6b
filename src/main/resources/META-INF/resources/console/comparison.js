// The same sentences before and after.
import { html } from './ui.js';
import { MarkedText, Relations } from './marked.js';

/** @param busy whether what is after may still come */
export function Comparison({ state, busy }) {
  const { texts, before, after, unseen, completed } = state;
  const group = (from, to) => texts.slice(from, to).map((text, i) => html`<${Pair} key=${from + i} text=${text} before=${before[from + i]}
    after=${after && after[from + i]} busy=${busy} />`);
  return html`<div class="comparison">
    ${!after && !busy && html`<p class="quiet" id="no-after">${!completed ? 'There is no “after”: nothing was learned.'
      : completed.activated ? 'There is no “after”: the version has not answered here yet.'
        : `There is no “after”: version ${completed.version} is not used, so these sentences are answered as before. “Use it all the same” shows what it makes of them.`}</p>`}
    <div class="columns" aria-hidden="true"><span>Before</span><span>${after || busy ? 'After' : ''}</span></div>
    ${unseen > 0 && html`<h3>Sentences it has not seen</h3><ol>${group(0, unseen)}</ol>`}
    <h3>Your sentences</h3><ol>${group(unseen, texts.length)}</ol></div>`;
}

/** Spans by what they say: label and place, and the same of what they are about. */
function bySense(spans) {
  const byId = new Map(spans.map(span => [span.id, span]));
  const sense = (span, deep = 0) => [span.label, span.start, span.end,
    ...(span.of && byId.has(span.of) && deep < 8 ? sense(byId.get(span.of), deep + 1) : [])];
  return new Map(spans.map(span => [JSON.stringify(sense(span)), span]));
}

const missing = (from, others) => [...from].filter(([sense]) => !others.has(sense)).map(([, span]) => span);

function Pair({ text, before, after, busy }) {
  const was = bySense(before ? before.spans : []);
  const is = bySense(after ? after.spans : []);
  const won = before && after ? missing(is, was) : [];
  const lost = before && after ? missing(was, is) : [];
  const side = (name, answer, lit) => html`<span class="hidden">${name}: </span><${MarkedText} text=${text} spans=${answer.spans} lit=${lit.map(s => s.id)} /><${Relations} spans=${answer.spans} />`;
  return html`<li class="pair"><div>${before ? side('Before', before, lost) : html`<p class="quiet">–</p>`}</div>
    <div>${after ? html`${side('After', after, won)}
      ${(won.length > 0 || lost.length > 0) && html`<small class="delta">${[won.length && `+${won.length} found`, lost.length && `−${lost.length} dropped`].filter(Boolean).join(', ')}</small>`}`
      : html`<p class="quiet">${busy ? '…' : ''}</p>`}</div></li>`;
}

// A text with its spans marked, and relations as links from head to tail.
import { html, useState } from './ui.js';
import { atLeast, colour, cut, lanes, marks } from './text.js';

const MOST_LANES = 8;

/** @param lit the ids of spans to be pointed out */
export function MarkedText({ text, spans, start = 0, lit = [], onLit = () => {} }) {
  const shown = marks(spans);
  const lane = lanes(shown);
  const byId = new Map(spans.map(span => [span.id, span]));
  const title = span => `${span.label}${span.of && byId.has(span.of) ? ' of ' + byId.get(span.of).text : ''}`
    + (span.score === undefined ? '' : ` · ${span.score.toFixed(2)}`) + ` · ${span.start}–${span.end}`;
  return html`<div class="text t${Math.min(lane.count, MOST_LANES)}" dir="auto">
    ${cut(text, shown, start).map(piece => [...piece.spans].sort((a, b) => lane.of(a) - lane.of(b)).reduce((inner, span) => html`
      <mark class="${colour(span.label)} k${Math.min(lane.of(span), MOST_LANES - 1)} ${span.ids.some(id => lit.includes(id)) ? 'lit' : ''}"
        data-label=${span.end === piece.end ? span.label : undefined} title=${title(span)}
        onMouseEnter=${() => onLit(span.ids)} onMouseLeave=${() => onLit([])}>${inner}</mark>`, piece.text))}
  </div>`;
}

/** Heads, and below each what was found about it. */
export function Relations({ spans, onLit = () => {} }) {
  const tails = new Map();
  for (const span of spans) {
    if (span.of) tails.set(span.of, [...(tails.get(span.of) || []), span]);
  }
  const roots = spans.filter(span => !span.of && tails.has(span.id));
  if (!roots.length) return null;
  const row = (head, tail) => html`<li key=${tail.id}>
    <button type="button" class="link ${colour(tail.label)}" onMouseEnter=${() => onLit([head.id, tail.id])} onMouseLeave=${() => onLit([])}
      onFocus=${() => onLit([head.id, tail.id])} onBlur=${() => onLit([])}>
      <bdi class="end ${colour(head.label)}">${head.text}</bdi><span class="arrow"><bdi class="chip">${tail.label}</bdi></span><bdi class="end">${tail.text}</bdi>
    </button>
    ${tails.has(tail.id) && html`<ul>${tails.get(tail.id).map(next => row(tail, next))}</ul>`}</li>`;
  return html`<ul class="relations" aria-label="Relations">${roots.map(head => tails.get(head.id).map(tail => row(head, tail)))}</ul>`;
}

/** Both, lighting each other up. */
export function Extraction({ text, start, extraction, threshold = 0 }) {
  const [lit, setLit] = useState([]);
  const spans = atLeast(extraction.spans, threshold);
  return html`<${MarkedText} text=${text} start=${start} spans=${spans} lit=${lit} onLit=${setLit} />
    <${Relations} spans=${spans} onLit=${setLit} />`;
}

/** Spans as a table, the surest first. */
export const SpanTable = ({ spans }) => spans.length > 0 && html`<div class="scroll"><table class="spans">
  <thead><tr><th scope="col">Label</th><th scope="col">Text</th><th scope="col">Score</th><th scope="col">Place</th></tr></thead>
  <tbody>${[...spans].sort((a, b) => b.score - a.score).map(span => html`<tr key=${span.id}>
    <td><bdi class="chip ${colour(span.label)}">${span.label}</bdi></td><td><bdi>${span.text}</bdi></td>
    <td><${Score} value=${span.score} of=${span.label} /></td><td class="number">${span.start}–${span.end}</td></tr>`)}</tbody></table></div>`;

export const Score = ({ value, of }) => html`<span class="score ${colour(of)}"><meter min="0" max="1" value=${value}></meter> ${value.toFixed(2)}</span>`;

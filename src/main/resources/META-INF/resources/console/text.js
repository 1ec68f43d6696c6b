// Texts and spans. Offsets count Unicode code points, as everywhere outside the service; JavaScript counts UTF-16 units.

/** A text as its code points: a slice of this is a slice by offsets. */
export const codePoints = text => Array.from(text);

const COLOURS = 12;
const colours = new Map();

/** The class that gives a label its colour, the same on every page. */
export function colour(label) {
  if (!colours.has(label)) colours.set(label, colours.size % COLOURS);
  return 'h' + colours.get(label);
}

/** Spans of one label in one place, found about several heads, are one mark. */
export function marks(spans) {
  const places = new Map();
  for (const span of spans) {
    const place = JSON.stringify([span.label, span.start, span.end]);
    if (!places.has(place)) places.set(place, { ...span, ids: [] });
    places.get(place).ids.push(span.id);
  }
  return [...places.values()];
}

/** Lanes below the text such that no two marks in one overlap; of two that do, the shorter lies nearer to the text. */
export function lanes(spans) {
  const taken = [];
  const lane = new Map();
  for (const span of [...spans].sort((a, b) => (a.end - a.start) - (b.end - b.start) || a.start - b.start)) {
    let n = 0;
    while (taken[n] && taken[n].some(other => span.start < other.end && other.start < span.end)) n++;
    (taken[n] = taken[n] || []).push(span);
    lane.set(span, n);
  }
  return { of: span => lane.get(span), count: taken.length };
}

/**
 * Cuts a text wherever a mark begins or ends: the pieces joined are the text.
 * @param start how many code points of the whole text stand before this part of it
 */
export function cut(text, spans, start = 0) {
  const points = codePoints(text);
  const end = start + points.length;
  const inside = spans.filter(span => span.end > start && span.start < end);
  const cuts = new Set([start, end]);
  for (const span of inside) {
    cuts.add(Math.max(start, span.start));
    cuts.add(Math.min(end, span.end));
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const pieces = [];
  for (let i = 0; i + 1 < sorted.length; i++) {
    const from = sorted[i], to = sorted[i + 1];
    pieces.push({
      text: points.slice(from - start, to - start).join(''), start: from, end: to,
      spans: inside.filter(span => span.start <= from && span.end >= to),
    });
  }
  return pieces;
}

/** Spans no worse than a threshold; what hung on one that goes, goes with it. */
export function atLeast(spans, threshold) {
  const kept = new Map();
  const byId = new Map(spans.map(span => [span.id, span]));
  const keep = span => {
    if (!kept.has(span.id)) {
      kept.set(span.id, span.score >= threshold && (!span.of || !byId.has(span.of) || keep(byId.get(span.of))));
    }
    return kept.get(span.id);
  };
  return spans.filter(keep);
}

/** Words and marks of a sentence with their offsets, as far as a person wants to point at them. */
export function words(text) {
  const found = [];
  let at = 0, utf16 = 0;
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’.\-_][\p{L}\p{N}\p{M}]+)*|\p{Extended_Pictographic}|[^\s]/gu)) {
    at += codePoints(text.slice(utf16, match.index)).length;
    const length = codePoints(match[0]).length;
    found.push({ text: match[0], start: at, end: at + length });
    at += length;
    utf16 = match.index + match[0].length;
  }
  return found;
}

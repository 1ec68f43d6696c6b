// What every page is made of: the library, and a few small parts. All text goes through it as text, never as markup.
import { h, render, Component } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import htm from 'htm';
import { token } from './api.js';

export const html = htm.bind(h);
export { Component, render, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState };

/** A number for people: three digits, or fewer. */
export function number(value, digits = 1) {
  if (value === null || value === undefined || !Number.isFinite(Number(value))) return '–';
  const n = Number(value);
  if (Math.abs(n) >= 1e6) return (n / 1e6).toFixed(1) + ' M';
  if (Math.abs(n) >= 1e4) return Math.round(n / 1e3) + ' k';
  return Math.abs(n) >= 100 || Number.isInteger(n) ? String(Math.round(n)) : n.toFixed(digits);
}

/** Seconds for people. */
export function seconds(value) {
  if (value === null || value === undefined) return '–';
  if (value < 0.9995) return Math.round(value * 1000) + ' ms';
  if (value < 120) return number(value) + ' s';
  return value < 7200 ? Math.round(value / 60) + ' min' : Math.round(value / 3600) + ' h';
}

/** F1 and the like, 0 to 1, as points. */
export const points = value => value === null || value === undefined ? '–' : (value * 100).toFixed(1);

export const plural = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** When, for people: today's time, else the date. */
export function when(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const today = new Date().toDateString() === date.toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

/** A title over a page, and what it is for. */
export const Heading = ({ title, children }) => html`
  <div class="heading"><h1 tabindex="-1" id="title">${title}</h1><p>${children}</p></div>`;

export const Tile = ({ name, value, note, children, tone }) => html`
  <div class="tile ${tone || ''}"><span class="quiet">${name}</span><strong>${value}</strong>
    ${note && html`<small>${note}</small>`}${children}</div>`;

export const Problem = ({ error }) => error && html`<p class="problem" role="alert">${error}</p>`;

/** A line of the last values, newest right. */
export function Spark({ values, label }) {
  if (values.length < 2) return null;
  const most = Math.max(...values, 1e-9);
  const path = values.map((v, i) => `${(i / (values.length - 1) * 100).toFixed(1)},${(24 - v / most * 22).toFixed(1)}`).join(' ');
  return html`<svg class="spark" viewBox="0 0 100 26" preserveAspectRatio="none" role="img" aria-label=${label}>
    <polyline points=${path} /></svg>`;
}

/** A text to take along. */
export function Snippet({ title, text }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => {
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  });
  return html`<figure class="snippet">
    <figcaption>${title}
      ${navigator.clipboard && html`<button type="button" class="small" onClick=${copy}>${copied ? 'Copied' : 'Copy'}</button>`}
    </figcaption>
    <pre tabindex="0" aria-label=${title}>${text}</pre></figure>`;
}

/**
 * The labels of a list such as "Person, City, Person > works for".
 * @param known labels that stay what they are, whatever their names hold: with their prompts, and not split
 */
export function parseLabels(source, known = []) {
  const labels = [];
  const seen = new Set();
  const key = (name, of) => JSON.stringify([name, of]);
  const same = new Map(known.map(one => [key(nameOf(one), headOf(one)), one]));
  const written = known.map(one => [writeLabels([one]), one]).sort((a, b) => b[0].length - a[0].length);
  const add = (name, of) => {
    if (!name || seen.has(key(name, of))) return;
    seen.add(key(name, of));
    labels.push(same.get(key(name, of)) || (of ? { name, of } : name));
  };
  const head = name => labels.some(one => nameOf(one) === name) || add(name);
  for (let rest = source.trimStart(); rest; rest = rest.trimStart()) {
    const hit = written.find(([text]) => rest.startsWith(text) && /^\s*(,|$)|^[^\S\n]*\n/.test(rest.slice(text.length)));
    if (hit) {
      if (headOf(hit[1])) head(headOf(hit[1]));
      add(nameOf(hit[1]), headOf(hit[1]));
      rest = rest.slice(hit[0].length).replace(/^\s*,/, '');
      continue;
    }
    const [part] = rest.match(/^[^,\n]*/);
    const chain = part.split('>').map(name => name.trim().replace(/\s+/g, ' '));
    chain.forEach((name, i) => i > 0 ? add(name, chain[i - 1]) : chain.length > 1 ? head(name) : add(name));
    rest = rest.slice(part.length + 1);
  }
  return labels;
}

/** Whether two lists ask the same in the same order, prompts included. */
export const sameLabels = (some, others) => JSON.stringify(some) === JSON.stringify(others);

/** What an event is, in words. Others may write to its topic, too. */
export const eventName = event => String(event.type || 'event').replaceAll('-', ' ');

export const nameOf = label => typeof label === 'string' ? label : label.name;
export const headOf = label => typeof label === 'string' ? undefined : label.of;

/** The reverse of parseLabels. */
export const writeLabels = labels => labels.map(one => headOf(one) ? `${headOf(one)} > ${nameOf(one)}` : nameOf(one)).join(', ');

/** Labels as text. */
export const LabelsInput = ({ id, value, onInput, ...rest }) => html`
  <input id=${id} type="text" value=${value} spellcheck="false" autocomplete="off"
    aria-describedby=${id + '-hint'} onInput=${e => onInput(e.target.value)} ...${rest} />
  <small id=${id + '-hint'} class="quiet hint">Separated by commas. <code>Person > works for</code> asks who works for what, for every person found.</small>`;

/** What was refused for want of the right token, see there; the component is drawn anew when that changes, or the token. */
export function useRefused() {
  const [, redraw] = useState(0);
  useLayoutEffect(() => token.watch(() => redraw(n => n + 1)), []);
  return token.refused;
}

/** Whether this page may change anything; asks for the token if there is one. With <Gate> somewhere on the page. */
export function useControl(service) {
  const refused = useRefused();
  const open = !!service && service.control.open;
  return { open, why: service && service.control.why, asks: open && service.control.token && (!token.get() || !!refused) };
}

/** Why nothing can be changed here, or where the token goes. */
export function Gate({ control: gate }) {
  if (gate.why) {
    return html`<p class="gate" role="note"><span aria-hidden="true">🔒</span> Nothing can be changed from here. ${gate.why} The command line can: <code>./metaie control</code>.</p>`;
  }
  return gate.asks && html`<${TokenForm} />`;
}

export function TokenForm() {
  const [value, setValue] = useState('');
  const save = event => {
    event.preventDefault();
    setValue('');
    token.set(value);
  };
  return html`<form class="gate" onSubmit=${save}>
    ${token.get() && token.refused && html`<strong class="warning" role="alert">The token was not taken.</strong>`}
    <label for="token"><span aria-hidden="true">🔑</span> This instance asks for its token (metaie.http.token)</label>
    <input id="token" type="password" autocomplete="off" value=${value} onInput=${e => setValue(e.target.value)} required />
    <button>Use it</button><small class="quiet">Kept in this tab until it is closed.</small></form>`;
}

/** A button that asks back before it does something that cannot be undone. */
export function SureButton({ children, sure, onClick, ...rest }) {
  const [asked, setAsked] = useState(false);
  return html`<button type="button" class="small ${asked ? 'danger' : ''}" ...${rest}
    onBlur=${() => setAsked(false)}
    onClick=${() => asked ? (setAsked(false), onClick()) : setAsked(true)}>${asked ? sure : children}</button>`;
}

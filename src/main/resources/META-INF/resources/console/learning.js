// One adaptation from the first command to the last comparison. It goes on while other pages are looked at.
import { html, number, plural, points, useEffect, useState } from './ui.js';
import { control, extract, freshId, get, watch } from './api.js';
import { MarkedText } from './marked.js';
import { colour } from './text.js';

const PATIENCE_MILLIS = 30_000;
const IDLE = { phase: 'idle', losses: [], comparisons: [] };
let run = IDLE;
const listeners = new Set();

function set(change) {
  run = { ...run, ...change };
  listeners.forEach(listener => listener(run));
}

/** How it goes. */
export function useLearning() {
  const [state, setState] = useState(run);
  useEffect(() => {
    listeners.add(setState);
    setState(run);
    return () => listeners.delete(setState);
  }, []);
  return state;
}

export const forget = () => set({ ...IDLE, id: undefined });

const read = (texts, task) => Promise.all(texts.map(text => extract({ text, task })));

/** What a command becomes: the first event of it that is one of these types. */
function outcome(events, commandId, types) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('No answer to the command within 30 seconds. Is there an instance with the role adapt?')), PATIENCE_MILLIS);
    events.add(event => {
      if (event.commandId !== commandId || !(types.includes(event.type) || event.type === 'command-rejected')) return false;
      clearTimeout(timer);
      if (event.type === 'command-rejected') reject(new Error(event.reason));
      else resolve(event);
      return true;
    });
  });
}

/**
 * Defines the task if it is not so yet, learns, and reads the texts before and after.
 * @param task its name
 * @param labels what it looks for
 * @param examples annotated sentences
 * @param unseen texts that are not learned from
 * @param activate `if-better` or `always`
 */
export async function learn({ task, labels, examples, unseen, activate }) {
  const id = freshId();
  const waiting = new Set();
  const texts = [...unseen, ...examples.map(example => example.text)];
  set({ ...IDLE, id, phase: 'preparing', task, unseen: unseen.length, gold: examples, texts, began: Date.now() });
  let ready;
  const live = new Promise(resolve => { ready = resolve; });
  const stop = watch({ events: 'event', task }, {
    ready: () => ready(),
    state: state => state !== 'live' && state !== 'waiting' && set({ note: state }),
    event: event => {
      for (const take of waiting) {
        if (take(event)) waiting.delete(take);
      }
      if (event.commandId === id) follow(event);
    },
  });
  try {
    await Promise.race([live, new Promise((_, reject) => setTimeout(() => reject(new Error('The stream of events cannot be watched.')), PATIENCE_MILLIS))]);
    await define(task, labels, waiting);
    set({ phase: 'reading', note: '' });
    const before = await read(texts, task);
    set({ before, phase: 'waiting' });
    const started = outcome(waiting, id, ['adaptation-started']);
    const ended = new Promise(resolve => waiting.add(event =>
      event.commandId === id && ['adaptation-completed', 'adaptation-failed'].includes(event.type) && (resolve(event), true)));
    await control({ type: 'adapt', task, commandId: id, examples, options: { activate } });
    await started;
    const end = await ended;
    if (end.type === 'adaptation-completed' && end.activated) await compare(end.version);
    set({ phase: end.type === 'adaptation-failed' ? 'failed' : 'done' });
  } catch (e) {
    set({ phase: 'failed', error: e.message });
  } finally {
    stop();
  }
}

async function define(task, labels, waiting) {
  const known = (await get('/api/tasks')).find(one => one.task === task);
  const plain = list => JSON.stringify(list.map(l => typeof l === 'string' ? [l] : [l.name, l.of]));
  if (known && plain(known.labels) === plain(labels)) return;
  const commandId = freshId();
  const defined = outcome(waiting, commandId, ['task-defined']);
  await control({ type: 'define-task', task, labels, commandId });
  await defined;
}

function follow(event) {
  if (event.type === 'adaptation-started') set({ phase: 'starting', started: event });
  else if (event.type === 'adaptation-progress') set({ phase: 'learning', progress: event, losses: [...run.losses, event.loss] });
  else if (event.type === 'adaptation-completed') set({ phase: 'comparing', completed: event });
  else if (event.type === 'adaptation-failed') set({ error: event.reason });
}

/** Reads the texts again once the version answers. */
async function compare(version) {
  for (let tries = 0; tries < 40; tries++) {
    const probe = await extract({ text: run.texts[0], task: run.task });
    if (probe.adapter === `${run.task}@${version}`) break;
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  set({ after: await read(run.texts, run.task) });
}

/** Puts a version in force that the gate did not. */
export async function activateAnyway() {
  const { task, completed } = run;
  try {
    await control({ type: 'activate', task, version: completed.version, commandId: freshId() });
    await compare(completed.version);
  } catch (e) {
    set({ error: e.message });
  }
}

const PHASES = {
  preparing: 'Getting ready…', reading: 'Reading your sentences as it knows them now…', waiting: 'Sent. Waiting for an instance that adapts…',
  starting: 'Setting up. The first time ever this takes a while: the libraries for training are unpacked.', learning: 'Learning…',
  comparing: 'Reading your sentences again…', done: 'Done', failed: 'That did not work',
};

export function Learning({ state }) {
  if (state.phase === 'idle') return null;
  const { completed, started, progress } = state;
  const busy = !['done', 'failed'].includes(state.phase);
  return html`<section class="card learning" aria-label="Learning" data-phase=${state.phase}>
    <header><h2 role="status">${busy && html`<span class="spinner" aria-hidden="true"></span>`}${PHASES[state.phase]}</h2>
      ${started && html`<span class="quiet">${plural(started.sentences, 'sentence')}, ${plural(started.spans, 'span')} → version ${started.version}</span>`}</header>
    ${state.error && html`<p class="problem" role="alert">${state.error}</p>`}
    ${state.losses.length > 0 && html`<${Loss} losses=${state.losses} epochs=${progress.epochs} epoch=${completed ? progress.epochs : progress.epoch} />`}
    ${completed && html`<${Verdict} completed=${completed} after=${state.after} />`}
    ${state.before && html`<${Comparison} state=${state} />`}
  </section>`;
}

/** On a square-root scale: small losses matter, too. Falls for every fit anew: those that measure on held-out sentences first, then the one that stays. */
function Loss({ losses, epoch, epochs }) {
  const most = Math.max(...losses, 1e-9);
  const x = i => 2 + (losses.length < 2 ? 0 : i / (losses.length - 1)) * 96 * Math.min(1, Math.max(epoch / Math.max(1, epochs), losses.length / 60));
  const y = v => 38 - Math.sqrt(v / most) * 34;
  const fits = [];
  losses.forEach((loss, i) => {
    if (!i || (loss > losses[i - 1] * 3 && loss > most / 5)) fits.push([]);
    fits[fits.length - 1].push(`${x(i).toFixed(2)},${y(loss).toFixed(2)}`);
  });
  const last = losses.length - 1;
  return html`<figure class="loss"><figcaption><span>Loss <strong>${losses[last].toFixed(3)}</strong></span><span>epoch ${epoch} of ${epochs}</span></figcaption>
    <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label=${`Loss, from ${losses[0].toFixed(3)} to ${losses[last].toFixed(3)}`}>
      ${fits.map((fit, i) => html`<polyline key=${i} points=${fit.join(' ')} class=${i === fits.length - 1 ? 'now' : ''} />`)}
    </svg><progress max=${epochs} value=${epoch} aria-label="Progress"></progress></figure>`;
}

function Verdict({ completed, after }) {
  const { f1, activated, reason } = completed;
  const better = f1 && f1.after > f1.before;
  return html`<div class="verdict ${activated ? 'good' : 'held'}" id="verdict">
    <p class="big">${activated ? '✓' : '○'} ${activated ? `Version ${completed.version} answers from now on` : `Version ${completed.version} is kept, but not used`}</p>
    <p>${reason}</p>
    ${f1 ? html`<p class="f1"><span>F1 <s>${points(f1.before)}</s> → <strong>${points(f1.after)}</strong></span> <small class="quiet">on ${plural(f1.sentences, 'sentence')} held out while learning · ${number(completed.seconds)} s</small></p>
      <ul class="bars">${Object.entries(f1.labels).map(([label, v]) => html`<li key=${label} class=${colour(label)}><bdi>${label}</bdi>
        <span class="bar2"><meter class="was" min="0" max="1" value=${v.before || 0} aria-label=${`${label} before`}></meter><meter min="0" max="1" value=${v.after || 0} aria-label=${`${label} after`}></meter></span>
        <span class="number">${points(v.before)} → ${points(v.after)}</span></li>`)}</ul>`
      : html`<p class="quiet">With fewer than eight sentences nothing can be held out to measure on.</p>`}
    ${!activated && !after && html`<p><button type="button" onClick=${activateAnyway}>Use it all the same</button> <small class="quiet">${better ? '' : 'You can go back at any time under Tasks.'}</small></p>`}
  </div>`;
}

const same = (a, b) => a.label === b.label && a.start === b.start && a.end === b.end;

function Comparison({ state }) {
  const { texts, before, after, unseen } = state;
  const group = (from, to) => texts.slice(from, to).map((text, i) => html`<${Pair} key=${from + i} text=${text} before=${before[from + i]} after=${after && after[from + i]} />`);
  return html`<div class="comparison"><div class="columns" aria-hidden="true"><span>Before</span><span>After</span></div>
    ${unseen > 0 && html`<h3>Sentences it has not seen</h3><ol>${group(0, unseen)}</ol>`}
    <h3>Your sentences</h3><ol>${group(unseen, texts.length)}</ol></div>`;
}

function Pair({ text, before, after }) {
  const won = after ? after.spans.filter(a => !before.spans.some(b => same(a, b))) : [];
  const lost = after ? before.spans.filter(b => !after.spans.some(a => same(a, b))) : [];
  return html`<li class="pair"><div><span class="hidden">Before: </span><${MarkedText} text=${text} spans=${before.spans} lit=${lost.map(s => s.id)} /></div>
    <div>${after ? html`<span class="hidden">After: </span><${MarkedText} text=${text} spans=${after.spans} lit=${won.map(s => s.id)} />
      ${(won.length > 0 || lost.length > 0) && html`<small class="delta">${[won.length && `+${won.length} found`, lost.length && `−${lost.length} dropped`].filter(Boolean).join(', ')}</small>`}`
      : html`<p class="quiet">…</p>`}</div></li>`;
}

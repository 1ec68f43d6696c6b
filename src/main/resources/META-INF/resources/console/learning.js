// One adaptation from the first command to the last comparison. It goes on while other pages are looked at.
import { html, number, plural, points, sameLabels, useEffect, useState } from './ui.js';
import { control, extract, freshId, get } from './api.js';
import { Comparison } from './comparison.js';
import { colour } from './text.js';
import { listen } from './told.js';

const KEPT = 'metaie.learning';
const LATE_MILLIS = 30_000;
const IDLE = { phase: 'idle', losses: [] };
/** Its command is on its way: a page that is loaded anew finds it again. */
const SENT = ['waiting', 'starting', 'learning', 'comparing', 'done', 'failed'];
let run = IDLE;
let line = null;
const listeners = new Set();

function begin(fresh) {
  if (line) line.stop();
  line = null;
  run = { ...IDLE, ...fresh };
  keep();
  listeners.forEach(listener => listener(run));
}

/** Nothing of a run that is no longer shown changes the one that is. */
function set(id, change) {
  if (run.id !== id) return;
  const { phase } = run;
  run = { ...run, ...change };
  if (run.phase !== phase || change.after) keep();
  listeners.forEach(listener => listener(run));
}

function keep() {
  try {
    if (run.sent && SENT.includes(run.phase)) sessionStorage.setItem(KEPT, JSON.stringify({ ...run, note: '', activating: false }));
    else sessionStorage.removeItem(KEPT);
  } catch { /* too much to keep: a page that is loaded anew does not find it */ }
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

/** Looks no longer at it. What was sent is carried out all the same. */
export const forget = () => begin({});

/** Goes on with what this tab looked at before it was loaded anew. */
export function resume() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
  } catch { /* as if there were none */ }
  if (!kept || !kept.id || run !== IDLE) return;
  begin(kept);
  if (!['done', 'failed'].includes(run.phase)) attempt(kept.id, kept.task, mine => toTheEnd(kept.id, mine));
}

const read = (texts, task) => Promise.all(texts.map(text => extract({ text, task })));

/** Does something that listens to the task's events, and says of the run what goes wrong. */
async function attempt(id, task, something) {
  const mine = listen(task, note => set(id, { note }));
  line = mine;
  try {
    await something(mine);
  } catch (e) {
    set(id, { phase: 'failed', error: e.message });
  }
  mine.stop();
  set(id, { note: '' });
}

/**
 * Defines the task if it is not so yet, learns, and reads the texts before and after.
 * @param task its name
 * @param labels what it looks for
 * @param replace whether other labels that it has may be replaced
 * @param examples annotated sentences
 * @param unseen texts that are not learned from
 * @param activate `if-better` or `always`
 */
export function learn({ task, labels, replace, examples, unseen, activate }) {
  const id = freshId();
  const texts = [...unseen, ...examples.map(example => example.text)];
  begin({ id, phase: 'preparing', task, unseen: unseen.length, texts });
  return attempt(id, task, async mine => {
    await mine.live;
    await define(id, mine, task, labels, replace);
    set(id, { phase: 'reading' });
    const before = await read(texts, task);
    if (run.id !== id) return;
    set(id, { before });
    await control({ type: 'adapt', task, commandId: id, examples, options: { activate } });
    set(id, { sent: true, phase: 'waiting' });
    await toTheEnd(id, mine);
  });
}

async function define(id, mine, task, labels, replace) {
  const known = (await get('/api/tasks')).find(one => one.task === task);
  if (known && sameLabels(known.labels, labels)) return;
  if (known && !replace) throw new Error('This task has got other labels meanwhile. They stand here now: press Adapt again if they may be replaced.');
  const commandId = freshId();
  set(id, { phase: 'defining' });
  await control({ ...definition(task, labels, known), commandId });
  await mine.outcome(commandId, ['task-defined']);
}

/** The command that gives a task labels, and leaves the rest of it as it is known. */
export const definition = (task, labels, known) => ({
  type: 'define-task', task, labels, ...(known ? { threshold: known.threshold, exclusive: known.exclusive } : {}),
});

async function toTheEnd(id, mine) {
  mine.follow(id, events => set(id, soFar(events)));
  const end = await mine.outcome(id, ['adaptation-completed', 'adaptation-failed']);
  if (end.type === 'adaptation-failed') throw new Error(end.reason);
  if (end.activated) await compare(id, end.version).catch(e => set(id, { error: e.message }));
  set(id, { phase: 'done' });
}

/** What the events of an adaptation say of it. */
function soFar(events) {
  const first = type => events.find(event => event.type === type);
  const steps = events.filter(event => event.type === 'adaptation-progress' && Number.isFinite(event.loss));
  const started = first('adaptation-started');
  const completed = first('adaptation-completed');
  return {
    ...(started ? { phase: 'starting', started } : {}),
    ...(steps.length ? { phase: 'learning', progress: steps[steps.length - 1], losses: steps.map(step => step.loss) } : {}),
    ...(completed ? { phase: 'comparing', completed } : {}),
  };
}

/** Reads the texts again once the version answers. */
async function compare(id, version) {
  const { texts, task } = run;
  for (let tries = 0; tries < 40 && run.id === id; tries++) {
    const probe = await extract({ text: texts[0], task });
    if (probe.adapter === `${task}@${version}`) {
      set(id, { after: await read(texts, task) });
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  set(id, { error: `Version ${version} is in force, but does not answer on this instance yet.` });
}

/** Puts a version in force that the gate did not, once its turn comes. */
export function activateAnyway() {
  const { id, task, completed } = run;
  const commandId = freshId();
  set(id, { activating: true, error: '' });
  return attempt(id, task, async mine => {
    try {
      await mine.live;
      await control({ type: 'activate', task, version: completed.version, commandId });
      await mine.outcome(commandId, ['adapter-activated']);
      set(id, { completed: { ...completed, activated: true, reason: 'You have put it in force.' } });
      await compare(id, completed.version);
    } catch (e) {
      set(id, { error: e.message });
    }
    set(id, { activating: false });
    if (run.id === id) keep();
  });
}

const PHASES = {
  preparing: 'Getting ready…', defining: 'Defining the task…', reading: 'Reading your sentences as it knows them now…', waiting: 'Sent. It waits its turn…',
  starting: 'Setting up. The first time ever this takes a while: the libraries for training are unpacked.', learning: 'Learning…',
  comparing: 'Reading your sentences again…', done: 'Done', failed: 'That did not work',
};

export const isBusy = state => !['idle', 'done', 'failed'].includes(state.phase) || !!state.activating;

export function Learning({ state }) {
  if (state.phase === 'idle') return null;
  const { completed, started, progress, phase } = state;
  const busy = isBusy(state);
  return html`<section class="card learning" aria-label="Learning" data-phase=${phase}>
    <header><h2 role="status">${busy && html`<span class="spinner" aria-hidden="true"></span>`}${PHASES[phase]}</h2>
      ${started && html`<span class="quiet">${plural(started.sentences, 'sentence')}, ${plural(started.spans, 'span')} → version ${started.version}</span>`}</header>
    ${busy && state.note && html`<p class="warning" role="status">${state.note}</p>`}
    ${(phase === 'waiting' || phase === 'defining' || state.activating) && html`<${Turn} key=${phase} />`}
    ${['defining', 'waiting', 'starting', 'learning'].includes(phase) && html`<p><button type="button" class="small" onClick=${forget}>Look no longer</button>
      <small class="quiet"> ${phase === 'defining' ? 'The task is defined all the same.' : 'It goes on all the same; its version will stand under Tasks.'}</small></p>`}
    ${state.error && html`<p class="problem" role="alert">${state.error}</p>`}
    ${state.losses.length > 0 && progress && html`<${Loss} losses=${state.losses} epochs=${progress.epochs} epoch=${completed ? progress.epochs : progress.epoch} />`}
    ${completed && html`<${Verdict} state=${state} />`}
    ${state.before && html`<${Comparison} state=${state} busy=${busy} />`}
  </section>`;
}

/** Why nothing is told yet: commands of a task take effect one after the other. */
function Turn() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LATE_MILLIS);
    return () => clearTimeout(timer);
  }, []);
  return late && html`<p class="quiet">Nothing has been told of it for ${LATE_MILLIS / 1000} seconds. What this task was told before is ended first, an adaptation too.
    If nothing of the kind is under way: is there an instance with the role <code>adapt</code>?</p>`;
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

function Verdict({ state }) {
  const { f1, activated, reason, version, seconds } = state.completed;
  const better = f1 && f1.after > f1.before;
  return html`<div class="verdict ${activated ? 'good' : 'held'}" id="verdict">
    <p class="big">${activated ? '✓' : '○'} ${activated ? `Version ${version} answers from now on` : `Version ${version} is kept, but not used`}</p>
    <p>${reason}</p>
    ${f1 ? html`<p class="f1"><span>F1 <s>${points(f1.before)}</s> → <strong>${points(f1.after)}</strong></span> <small class="quiet">on ${plural(f1.sentences, 'sentence')} held out while learning · ${number(seconds)} s</small></p>
      <ul class="bars">${Object.entries(f1.labels).map(([label, v]) => html`<li key=${label} class=${colour(label)}><bdi>${label}</bdi>
        <span class="bar2"><meter class="was" min="0" max="1" value=${v.before || 0} aria-label=${`${label} before`}></meter><meter min="0" max="1" value=${v.after || 0} aria-label=${`${label} after`}></meter></span>
        <span class="number">${points(v.before)} → ${points(v.after)}</span></li>`)}</ul>`
      : html`<p class="quiet">With fewer than eight sentences nothing can be held out to measure on.</p>`}
    ${!activated && html`<p><button type="button" id="use" disabled=${isBusy(state)} onClick=${activateAnyway}>${state.activating ? 'It is being put in force…' : 'Use it all the same'}</button>
      <small class="quiet">${better ? '' : ' You can go back at any time under Tasks.'}</small></p>`}
  </div>`;
}

// What is being committed, as it is.
import { eventName, html, number, seconds, plural, useEffect, useRef, useState, Heading, Spark, Tile } from './ui.js';
import { watch } from './api.js';
import { colour } from './text.js';
import { Extraction } from './marked.js';

const SHOWN = 30;
const MINUTE = 60;

export function StreamPage({ tasks }) {
  const [items, setItems] = useState([]);
  const [stats, setStats] = useState([]);
  const [state, setState] = useState('connecting');
  const [task, setTask] = useState('');
  const [label, setLabel] = useState('');
  const [document, setDocument] = useState('');
  const [paused, setPaused] = useState(false);
  const [missed, setMissed] = useState(0);
  const [labels, setLabels] = useState([]);
  const still = useRef(false);
  still.current = paused;
  const counter = useRef(0);

  useEffect(() => {
    const query = { events: 'extraction,dead-letter,event,stats', text: 'true', max: '4' };
    if (task) query.task = task;
    if (label) query.label = label;
    if (document) query.document = document;
    const show = kind => (given, id) => {
      const value = kind === 'extraction' ? sound(given) : given;
      if (still.current) {
        setMissed(n => n + 1);
        return;
      }
      if (kind === 'extraction') setLabels(known => merged(known, value.spans));
      setItems(old => [{ kind, value, id, key: ++counter.current, at: new Date() }, ...old].slice(0, SHOWN));
    };
    setState('connecting');
    setItems([]); // they are not what is asked for now
    setMissed(0);
    return watch(query, {
      state: setState, extraction: show('extraction'), 'dead-letter': show('dead-letter'), event: show('event'),
      stats: value => setStats(old => [...old, value].slice(-MINUTE)),
    });
  }, [task, label, document]);

  const pause = () => {
    setPaused(!paused);
    setMissed(0);
  };
  const now = stats[stats.length - 1] || {};
  const recent = latest(stats, 'latencyP95');
  return html`
    <${Heading} title="Stream">Answers of all instances as they are committed, a sample of them where there are many.<//>
    <div class="tiles">
      <${Tile} name="Documents" value=${number(now.committedPerSecond) + ' /s'} note="all instances">
        <${Spark} values=${stats.map(s => s.committedPerSecond)} label="Documents a second, the last minute" /><//>
      <${Tile} name="Lag" value=${number(now.lagRecords)} tone=${now.lagSeconds > 60 ? 'warn' : ''}
        note=${now.lagRecords > 0 ? 'records; the oldest waits ' + seconds(now.lagSeconds) : 'nothing waits here'}>
        <${Spark} values=${stats.map(s => s.lagRecords)} label="Lag in records, the last minute" /><//>
      <${Tile} name="Latency" value=${recent ? '≤ ' + seconds(recent.latencyP95) : '–'}
        note=${recent ? `for 95 %; half within ${seconds(recent.latencyP50)}` : 'nothing answered here yet'} />
      <${Tile} name="Dead letters" value=${number(now.deadLettersPerSecond) + ' /s'} tone=${now.deadLettersPerSecond > 0 ? 'warn' : ''}
        note=${html`<a href="#/dead-letters">the latest</a>`} />
    </div>
    <form class="bar" onSubmit=${e => e.preventDefault()}>
      <label>Task <select value=${task} onChange=${e => setTask(e.target.value)}>
        <option value="">all</option>${tasks.map(t => html`<option key=${t.task} value=${t.task}>${t.task}</option>`)}</select></label>
      <label>Label <input list="seen" value=${label} placeholder="all" onChange=${e => setLabel(e.target.value.trim())} /></label>
      <datalist id="seen">${labels.map(l => html`<option key=${l} value=${l}></option>`)}</datalist>
      <label>Document <input value=${document} placeholder="any id" onChange=${e => setDocument(e.target.value.trim())} /></label>
      <button type="button" id="pause" aria-pressed=${paused} onClick=${pause}>${paused ? `▶ Go on${missed ? ` (${missed} missed)` : ''}` : '❚❚ Pause'}</button>
      <span class="live ${state === 'live' && !paused ? 'on' : ''}" role="status">${paused ? 'paused' : state}</span>
    </form>
    <div class="cards" aria-live="off">
      ${items.map(item => html`<${Card} key=${item.key} item=${item} follow=${setDocument} />`)}
      ${!items.length && html`<div class="empty"><p><strong>${task || label || document ? 'Nothing of that kind has been committed since you asked for it.' : 'Nothing has been committed since you came.'}</strong></p>
        <p>Send a document: <code>echo 'Ada Lovelace lives in Paris.' | ./metaie send --labels "Person,City" -</code>,
        or <a href="#/try">try one here</a>.</p></div>`}
    </div>`;
}

const latest = (stats, field) => [...stats].reverse().find(s => s[field] !== null && s[field] !== undefined);

/** Others may write to the topic, too: an extraction with the spans that are spans. */
const sound = extraction => ({
  ...extraction,
  spans: (Array.isArray(extraction.spans) ? extraction.spans : []).filter(s => s && typeof s.label === 'string' && typeof s.text === 'string'
    && Number.isInteger(s.start) && Number.isInteger(s.end) && Number.isFinite(s.score)),
});

const merged = (known, spans) => {
  const fresh = spans.map(s => s.label).filter((l, i, all) => !known.includes(l) && all.indexOf(l) === i);
  return fresh.length ? [...known, ...fresh].slice(-200) : known;
};

function Card({ item, follow }) {
  const { kind, value } = item;
  if (kind === 'extraction') {
    return html`<article class="card arrives">
      <header><button type="button" class="plain" title="Follow this document" onClick=${() => follow(value.documentId)}><bdi>${value.documentId}</bdi></button>
        <span class="quiet">${[value.task && 'task ' + value.task, value.adapter, plural(value.spans.length, 'span'), item.at.toLocaleTimeString()].filter(Boolean).join(' · ')}</span></header>
      ${value.text !== undefined
        ? html`${value.textLength > value.text.length && html`<p class="quiet">A part of a long text</p>`}
          <${Extraction} text=${value.text} start=${value.textStart} extraction=${value} />`
        : html`<ul class="found">${value.spans.map(span => html`<li key=${span.id}><bdi class="chip ${colour(span.label)}">${span.label}</bdi> <bdi>${span.text}</bdi></li>`)}
          ${!value.spans.length && html`<li class="quiet">No spans</li>`}</ul>`}
    </article>`;
  }
  if (kind === 'dead-letter') {
    return html`<article class="card arrives letter"><header><strong>${value.reason}</strong>
      <span class="quiet"><bdi>${value.key || `${value.source.topic}-${value.source.partition}-${value.source.offset}`}</bdi> · ${item.at.toLocaleTimeString()}</span></header>
      <p>${value.cause}</p></article>`;
  }
  return html`<article class="card arrives event"><header><strong>${eventName(value)}</strong>
    <span class="quiet"><bdi>${value.task}</bdi> · ${item.at.toLocaleTimeString()}</span></header>
    ${value.reason && html`<p>${value.reason}</p>`}
    ${value.type === 'adaptation-progress' && html`<progress max=${value.epochs} value=${value.epoch}></progress>`}</article>`;
}

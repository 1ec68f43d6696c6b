// The teacher: what it gave, what it cost, what waits for it.
import { html, number, useEffect, useState, Heading, Problem, Tile } from './ui.js';
import { get } from './api.js';
import { MarkedText } from './marked.js';

const EVERY_MILLIS = 5000;

export function DistillationPage() {
  const [now, setNow] = useState(null);
  const [error, setError] = useState('');
  useEffect(() => {
    const load = () => get('/api/distillation?max=20').then(all => (setNow(all), setError('')), e => setError(e.message));
    load();
    const timer = setInterval(() => !document.hidden && load(), EVERY_MILLIS);
    return () => clearInterval(timer);
  }, []);
  const title = html`<${Heading} title="Distillation">A language model labels sentences once; the small model learns from them.<//>`;
  if (!now) return html`${title}<${Problem} error=${error} />`;
  const since = now.sinceStart;
  const spent = now.spentThisMonth === undefined ? since.cost : now.spentThisMonth;
  return html`${title}<${Problem} error=${error} />
    ${!now.on && html`<p class="gate" role="note">${now.why} <code>METAIE_LLM_BASE_URL=http://localhost:8000/v1 METAIE_LLM_MODEL=… ./metaie</code></p>`}
    <div class="tiles">
      <${Tile} name="Teacher" value=${now.on ? now.model : 'off'} note=${now.on ? `${number((since.calls || {}).answered || 0)} answers since this instance started` : 'nothing is asked'} />
      <${Tile} name="Waiting" value=${number(now.waiting)} note="texts not labelled yet" />
      <${Tile} name="Examples" value=${number(since.examples)} note="published since this instance started" />
      <${Tile} name="Spent" value=${spent.toFixed(2) + ' USD'} tone=${now.budget && spent >= now.budget ? 'warn' : ''}
        note=${now.budget ? `${now.spentThisMonth === undefined ? 'since this instance started' : 'this month'}; the month's budget is ${now.budget.toFixed(2)}` : 'since this instance started; no budget is set'}>
        ${now.budget && html`<meter min="0" max=${now.budget} value=${Math.min(spent, now.budget)}></meter>`}<//>
    </div>
    <div class="two">
      <${Counts} title="Calls" of=${since.calls} /><${Counts} title="Labels and spans in the answers" of=${since.pairs} /></div>
    <h2>The latest examples</h2>
    <div class="cards">${now.latest.map((example, i) => html`<article class="card" key=${i}>
      <${MarkedText} text=${example.text || ''} spans=${(example.spans || []).map((s, n) => ({ id: 's' + n, ...s, text: '' }))} />
      <p class="quiet">${(example.spans || []).length ? '' : 'Nothing to find. '}by ${example.source}</p></article>`)}
      ${!now.latest.length && html`<div class="empty"><p><strong>No examples yet.</strong></p><p><code>./metaie send --topic metaie.distillation.requests my-texts.txt</code></p></div>`}</div>`;
}

function Counts({ title, of }) {
  const some = Object.entries(of || {}).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  return html`<section class="card"><h2>${title}</h2>${!some.length && html`<p class="quiet">None since this instance started.</p>`}
    <table><tbody>${some.map(([name, count]) => html`<tr key=${name}><th scope="row">${name.replaceAll('-', ' ')}</th><td class="number">${number(count)}</td></tr>`)}</tbody></table></section>`;
}

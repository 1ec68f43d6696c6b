// What could not be answered, and why.
import { html, plural, useEffect, useState, when, Heading, Problem } from './ui.js';
import { get, watch } from './api.js';

const SHOWN = 100;

export function LettersPage() {
  const [letters, setLetters] = useState(null);
  const [reason, setReason] = useState('');
  const [error, setError] = useState('');
  const load = () => get('/api/dead-letters?max=' + SHOWN).then(all => (setLetters(all), setError('')), e => setError(e.message));
  useEffect(() => {
    load();
    return watch({ events: 'dead-letter' }, {
      'dead-letter': letter => setLetters(old => [letter, ...(old || []).filter(one => place(one) !== place(letter))].slice(0, SHOWN)),
    });
  }, []);
  const reasons = new Map();
  (letters || []).forEach(letter => reasons.set(letter.reason, (reasons.get(letter.reason) || 0) + 1));
  const shown = (letters || []).filter(letter => !reason || letter.reason === reason);
  return html`
    <${Heading} title="Dead letters">Records that could not be answered, untouched, with the cause. Once it is mended: <code>./metaie redrive${reason ? ' --reason ' + reason : ''}</code>.<//>
    <${Problem} error=${error} />
    <div class="bar" role="group" aria-label="Reasons">
      <button type="button" aria-pressed=${!reason} onClick=${() => setReason('')}>All <small>${(letters || []).length}</small></button>
      ${[...reasons].map(([name, count]) => html`<button type="button" key=${name} aria-pressed=${reason === name} onClick=${() => setReason(name)}>${name} <small>${count}</small></button>`)}
      <button type="button" class="small" onClick=${load}>Read again</button></div>
    <div class="cards">${shown.map(letter => html`<${Letter} key=${place(letter)} letter=${letter} />`)}
      ${!letters && !error && html`<p class="quiet">Reading…</p>`}
      ${letters && !shown.length && html`<div class="empty"><p><strong>No dead letters.</strong></p><p>Everything that came could be answered.</p></div>`}</div>`;
}

const place = letter => `${letter.topic}-${letter.partition}-${letter.offset}`;

const Letter = ({ letter }) => html`<article class="card letter">
  <header><strong class="reason">${letter.reason}</strong><span class="quiet">${when(letter.time)}</span></header>
  <p>${letter.cause}</p>
  <p class="quiet"><bdi>${letter.source.topic}-${letter.source.partition}-${letter.source.offset}</bdi>${letter.key !== null && html` · key <bdi>${letter.key}</bdi>`} · ${plural(Number(letter.bytes), 'byte')}</p>
  ${letter.value && html`<details><summary>${letter.valueEncoding ? 'Its bytes, in base64' : 'What it says'}${letter.shortened ? ', the beginning' : ''}</summary><pre tabindex="0">${letter.value}</pre></details>`}
</article>`;

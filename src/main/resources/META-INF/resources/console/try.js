// One text, its spans at once, and how to ask the same elsewhere.
import { html, parseLabels, plural, seconds, useEffect, useMemo, useRef, useState, Heading, LabelsInput, Problem, Snippet } from './ui.js';
import { extract } from './api.js';
import { atLeast } from './text.js';
import { Extraction, SpanTable } from './marked.js';

const EXAMPLES = [
  { name: 'People and places', text: 'Ada Lovelace wrote the first program for Charles Babbage. She lived in London and died there in 1852.', labels: 'Person, City, Date' },
  { name: 'Relations', text: 'Marie Curie worked at the Sorbonne and was born in Warsaw. Alan Turing worked for the National Physical Laboratory.', labels: 'Person, Person > works for, Person > born in' },
  { name: 'Opinions', text: 'The soup was cold 🥶 but the bread was wonderfully fresh, and the waiter could not have been kinder.', labels: 'Aspect, Aspect > opinion' },
];
const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

export function TryPage({ service, tasks }) {
  const [text, setText] = useState(EXAMPLES[0].text);
  const [by, setBy] = useState('labels');
  const [labels, setLabels] = useState(EXAMPLES[0].labels);
  const [task, setTask] = useState('');
  const [threshold, setThreshold] = useState(0);
  const [exclusive, setExclusive] = useState(false);
  const [answer, setAnswer] = useState(null);
  const [told, setTold] = useState(null);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const asked = useRef(new AbortController());

  const chosen = task || (tasks[0] && tasks[0].task) || '';
  const document = useMemo(() => ({
    text, ...(by === 'task' ? { task: chosen } : { labels: parseLabels(labels) }),
    ...(threshold > 0 ? { threshold } : {}), ...(exclusive ? { exclusive } : {}),
  }), [text, by, labels, chosen, threshold, exclusive]);

  const run = async event => {
    if (event) event.preventDefault();
    asked.current.abort();
    asked.current = new AbortController();
    setBusy(true);
    setError('');
    const begun = performance.now();
    try {
      const extraction = await extract({ ...document, threshold: 0 }, asked.current.signal);
      setAnswer({ text, extraction, took: (performance.now() - begun) / 1000, exclusive });
      setBusy(false);
    } catch (e) {
      if (e.name === 'AbortError') return;
      setAnswer(null);
      setError(e.message);
      setBusy(false);
    }
  };
  useEffect(() => { run(); }, [exclusive]);
  // The JSON is what the service answers to just this, threshold included; the marks follow the slider at once.
  useEffect(() => {
    if (!answer) return undefined;
    if (!threshold) {
      setTold(answer.extraction);
      return undefined;
    }
    const asking = new AbortController();
    const timer = setTimeout(() => extract({ ...document, text: answer.text }, asking.signal).then(setTold, () => {}), 250);
    return () => (clearTimeout(timer), asking.abort());
  }, [answer, threshold]);

  const load = example => {
    setText(example.text);
    setLabels(example.labels);
    setBy('labels');
    setAnswer(null);
  };
  const submit = e => (e.ctrlKey || e.metaKey) && e.key === 'Enter' && run(e);
  const body = JSON.stringify(document);
  const spans = answer ? atLeast(answer.extraction.spans, threshold) : [];
  return html`
    <${Heading} title="Try it">Say in plain words what to look for. Nothing you write here is kept.<//>
    <div class="two">
      <form class="card" onSubmit=${run} onKeyDown=${submit}>
        <p class="examples">${EXAMPLES.map(e => html`<button type="button" key=${e.name} class="small" onClick=${() => load(e)}>${e.name}</button>`)}</p>
        <label for="text">Text</label>
        <textarea id="text" rows="6" dir="auto" value=${text} onInput=${e => setText(e.target.value)}></textarea>
        <fieldset class="choice"><legend>Look for</legend>
          <label><input type="radio" name="by" checked=${by === 'labels'} onChange=${() => setBy('labels')} /> labels</label>
          <label><input type="radio" name="by" checked=${by === 'task'} disabled=${!tasks.length} onChange=${() => setBy('task')} /> a task${!tasks.length ? ' (none is defined)' : ''}</label>
        </fieldset>
        ${by === 'labels'
          ? html`<label for="labels">Labels</label><${LabelsInput} id="labels" value=${labels} onInput=${setLabels} />`
          : html`<label for="task">Task</label><select id="task" value=${chosen} onChange=${e => setTask(e.target.value)}>
              ${tasks.map(t => html`<option key=${t.task} value=${t.task}>${t.task}</option>`)}</select>`}
        <label class="check"><input type="checkbox" checked=${exclusive} onChange=${e => setExclusive(e.target.checked)} /> of overlapping spans keep the surest</label>
        <p><button class="primary" id="extract" disabled=${busy}>${busy ? 'Reading…' : 'Extract'}</button> <kbd>Ctrl</kbd> <kbd>Enter</kbd></p>
      </form>
      <section class="card" aria-label="Result" aria-live="polite">
        <label class="slider">At least this sure <input id="threshold" type="range" min="0" max="1" step="0.01" value=${threshold}
          onInput=${e => setThreshold(Number(e.target.value))} /> <output>${threshold.toFixed(2)}</output></label>
        <${Problem} error=${error} />
        ${answer && html`<div id="result"><${Extraction} text=${answer.text} extraction=${answer.extraction} threshold=${threshold} /></div>
          <p class="quiet">${plural(spans.length, 'span')} of ${answer.extraction.spans.length} · ${plural(answer.extraction.sentences, 'sentence')} · ${seconds(answer.took)} · ${answer.extraction.adapter || answer.extraction.model}</p>
          ${answer.extraction.warnings.map((w, i) => html`<p class="warning" key=${i}>${w}</p>`)}
          <${SpanTable} spans=${spans} />`}
        ${!answer && !error && html`<p class="quiet">What is found stands here.</p>`}
      </section>
    </div>
    <section class="snippets" aria-label="The same elsewhere">
      <${Snippet} title="curl" text=${`curl ${quoted(location.origin + '/api/extract')} -H 'content-type: application/json'${service && service.protectReads ? ' -H "authorization: Bearer $TOKEN"' : ''} -d ${quoted(body)}`} />
      <${Snippet} title="Kafka" text=${`printf '%s\\n' ${quoted(body)} | ./metaie send${service ? ` --topic ${service.topics.documents}` : ''} -`
        + (service ? `\n\n# or with kcat\nprintf '%s\\n' ${quoted(body)} | kcat -b ${service.bootstrap} -P -t ${service.topics.documents} -H content-type=application/json` : '')} />
      ${told && html`<${Snippet} title="The answer" text=${JSON.stringify(told, null, 2)} />`}
    </section>`;
}

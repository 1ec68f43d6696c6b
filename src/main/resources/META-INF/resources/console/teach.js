// A task is taught by a few sentences: paste, mark, adapt, see.
import { html, nameOf, parseLabels, plural, sameLabels, useEffect, useState, writeLabels, Gate, Heading, LabelsInput, Problem, useControl } from './ui.js';
import { extract } from './api.js';
import { colour } from './text.js';
import { Annotator } from './annotate.js';
import { forget, isBusy, learn, Learning, useLearning } from './learning.js';

const KEPT = 'metaie.teach';
const MEASURED = 8;

/** [Feature:search] in a sentence is a mark. The model knows these labels, and mixes them up: what is taught shows. */
const SAMPLE = {
  task: 'support', labels: 'Feature, Platform, Version',
  unseen: 'Since 6.1 the calendar widget freezes on my iPad.\nI cannot open attachments on ChromeOS.\nThank you for the quick answer!',
  sentences: `The [Feature:export] crashes on [Platform:Windows] since [Version:4.2].
[Feature:Dark mode] flickers on my [Platform:iPad].
After the update to [Version:3.9.1] the [Feature:search] finds nothing.
[Feature:Push notifications] arrive twice on [Platform:Android].
The [Feature:calendar sync] stopped working with version [Version:5.0].
I cannot open [Feature:attachments] on [Platform:macOS].
Is [Version:2.7] still supported?
The [Feature:login screen] stays blank in [Platform:Firefox].
[Feature:Printing] takes a minute on [Platform:Linux].
Where do I find the [Feature:spell checker] in [Version:6.0]?
My [Platform:Pixel phone] forgets the [Feature:bookmarks].
Everything was fine before [Version:4.1].
Please call me back tomorrow.
The [Feature:two-factor codes] are rejected on [Platform:iOS].
Your team was very kind.
[Feature:Drag and drop] is broken in [Platform:Safari] with [Version:5.3].`,
};

function sampled() {
  let id = 0;
  return SAMPLE.sentences.split('\n').map(line => {
    const marks = [];
    let text = '';
    for (const [whole, label, span] of line.matchAll(/\[(\w+):([^\]]+)\]|[^[]+/g)) {
      if (label) marks.push({ id: 's' + id++, label, start: [...text].length, end: [...text + span].length });
      text += span || whole;
    }
    return { text, marks, none: !marks.length };
  });
}

const stored = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) || {};
  } catch {
    return {};
  }
};

export function TeachPage({ service, tasks, query, reload }) {
  const gate = useControl(service);
  const state = useLearning();
  const asked = query.get('task');
  const [draft, setDraft] = useState(() => {
    const known = asked && tasks.find(t => t.task === asked);
    const kept = stored();
    if (known && kept.task !== asked) return { task: asked, labels: writeLabels(known.labels), sentences: [], unseen: '' };
    return { task: '', labels: '', sentences: [], unseen: '', ...kept };
  });
  const [paste, setPaste] = useState('');
  const [label, setLabel] = useState(0);
  const [activate, setActivate] = useState('if-better');
  const [error, setError] = useState('');
  const [guessing, setGuessing] = useState(false);
  const [sure, setSure] = useState(false);
  const update = change => setDraft(old => ({ ...old, ...change }));
  useEffect(() => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(draft));
    } catch { /* too much to keep: it stays on the page */ }
  }, [draft]);
  useEffect(() => { reload(); }, [['done', 'failed'].includes(state.phase)]);
  useEffect(() => setSure(false), [draft]);

  const known = tasks.find(t => t.task === draft.task.trim());
  const labels = parseLabels(draft.labels, known && known.labels);
  const replaced = known && !sameLabels(known.labels, labels);
  const names = labels.map(nameOf);
  const { sentences } = draft;
  const ready = sentences.filter(s => s.marks.length || s.none);
  const spans = ready.reduce((sum, s) => sum + s.marks.length, 0);
  const change = next => setDraft(old => ({ ...old, sentences: old.sentences.map(s => s.text === next.text ? next : s) }));

  const add = event => {
    event.preventDefault();
    const lines = [...new Set(paste.split('\n').map(line => line.trim()))].filter(line => line && !sentences.some(s => s.text === line));
    update({ sentences: [...sentences, ...lines.map(text => ({ text, marks: [], none: false }))] });
    setPaste('');
  };
  const example = () => {
    forget();
    setDraft({ task: SAMPLE.task, labels: SAMPLE.labels, sentences: sampled(), unseen: SAMPLE.unseen });
    setLabel(0);
  };
  /** Lets the model mark what is not marked yet: to correct is less work than to begin. */
  const guess = async () => {
    setGuessing(true);
    setError('');
    const open = s => !s.marks.length && !s.none;
    const asked = sentences.filter(open);
    const by = known && !replaced ? { task: known.task } : { labels };
    const answers = await Promise.allSettled(asked.map(s => extract({ text: s.text, ...by })));
    const found = new Map();
    answers.forEach(({ value }, i) => value && found.set(asked[i].text,
      value.spans.map(({ id, label: l, start, end, of }) => ({ id, label: l, start, end, ...(of ? { of } : {}) }))));
    // What was marked or taken away meanwhile stays as it is.
    setDraft(old => ({ ...old, sentences: old.sentences.map(s => open(s) && found.has(s.text) ? { ...s, marks: found.get(s.text) } : s) }));
    const failed = answers.filter(answer => answer.reason);
    if (failed.length) setError(`${failed.length} of ${plural(asked.length, 'sentence')} could not be read: ${failed[0].reason.message}`);
    setGuessing(false);
  };
  const adapt = () => {
    setError('');
    if (replaced && !sure) {
      setSure(true);
      return;
    }
    setSure(false);
    learn({
      task: draft.task.trim(), labels, activate, replace: sure,
      examples: ready.map(s => ({ text: s.text, spans: s.marks.filter(m => names.includes(m.label)) })),
      unseen: draft.unseen.split('\n').map(line => line.trim()).filter(Boolean),
    });
  };
  const busy = isBusy(state);
  const missing = !gate.open ? gate.why : !draft.task.trim() ? 'Give the task a name.' : !labels.length ? 'Say what to look for.'
    : !spans ? 'Mark a span first.' : '';

  return html`
    <${Heading} title="Teach">Show it a dozen sentences. It learns, measures itself on sentences held out, and takes over only if it has become better.<//>
    <${Gate} control=${gate} />
    <${Problem} error=${error} />
    <ol class="steps">
      <li class="card"><h2>What to look for</h2>
        <div class="fields"><div><label for="teach-task">Task</label><input id="teach-task" list="known" maxlength="128" value=${draft.task} onInput=${e => {
          const named = tasks.find(t => t.task === e.target.value);
          update({ task: e.target.value, ...(named && !sentences.length ? { labels: writeLabels(named.labels) } : {}) });
        }} /><datalist id="known">${tasks.map(t => html`<option key=${t.task} value=${t.task}></option>`)}</datalist></div>
        <div class="wide"><label for="teach-labels">Labels</label><${LabelsInput} id="teach-labels" value=${draft.labels} onInput=${v => update({ labels: v })} /></div></div>
        ${!sentences.length && html`<p><button type="button" id="example" disabled=${busy} onClick=${example}>Show me with an example</button></p>`}
      </li>
      <li class="card"><h2>Sentences</h2>
        <form onSubmit=${add}><label for="paste">Paste some, one a line</label>
          <textarea id="paste" rows=${sentences.length ? 2 : 4} dir="auto" value=${paste} onInput=${e => setPaste(e.target.value)}></textarea>
          <p><button disabled=${!paste.trim()}>Add ${plural(paste.split('\n').filter(l => l.trim()).length, 'sentence')}</button>
          ${sentences.length > 0 && html` <button type="button" class="small" disabled=${busy} onClick=${() => (forget(), update({ sentences: [] }))}>Take all away</button>`}</p></form>
      </li>
      ${sentences.length > 0 && html`<li class="card"><h2>Mark</h2>
        <div class="palette" role="radiogroup" aria-label="Label to mark with">${labels.map((l, i) => html`<label key=${i} class=${colour(nameOf(l))}>
          <input type="radio" name="label" checked=${label === i} onChange=${() => setLabel(i)} /><bdi>${nameOf(l)}</bdi>${i < 9 && html`<kbd>${i + 1}</kbd>`}</label>`)}
          <button type="button" class="small" disabled=${guessing || !labels.length} onClick=${guess}>${guessing ? 'Guessing…' : 'Let the model guess first'}</button></div>
        <p class="quiet">Drag over words, or click one; click a mark to take it away. With the keyboard: <kbd>←</kbd> <kbd>→</kbd> move, <kbd>Shift</kbd> extends, a number or <kbd>Enter</kbd> marks, <kbd>Delete</kbd> takes away, <kbd>n</kbd> nothing here, <kbd>↑</kbd> <kbd>↓</kbd> other sentences.</p>
        <ol class="sentences">${sentences.map((s, i) => html`<${Annotator} key=${s.text} number=${i + 1} sentence=${s} labels=${labels} label=${label} setLabel=${setLabel}
          change=${change} remove=${() => setDraft(old => ({ ...old, sentences: old.sentences.filter(one => one.text !== s.text) }))} />`)}</ol>
      </li>
      <li class="card"><h2>Adapt</h2>
        <label for="unseen">Sentences it does not learn from, to see what it makes of them (optional)</label>
        <textarea id="unseen" rows="3" dir="auto" value=${draft.unseen} onInput=${e => update({ unseen: e.target.value })}></textarea>
        <fieldset class="choice"><legend>Let it answer</legend>
          <label><input type="radio" name="activate" checked=${activate === 'if-better'} onChange=${() => setActivate('if-better')} /> only if it has become better</label>
          <label><input type="radio" name="activate" checked=${activate === 'always'} onChange=${() => setActivate('always')} /> in any case</label></fieldset>
        ${replaced && !busy && html`<p class="warning" role=${sure ? 'alert' : 'note'} id="replaced">The task <bdi>${known.task}</bdi> looks for other labels until now: <bdi>${writeLabels(known.labels)}</bdi>.
          To adapt replaces them${sure ? ', for everyone who uses it. Press again if that is meant.' : '.'}</p>`}
        <div class="go"><button class="primary large" type="button" id="adapt" disabled=${busy || !!missing} onClick=${adapt} onBlur=${() => setSure(false)}>${busy ? 'Learning…' : sure ? 'Replace its labels and adapt' : 'Adapt'}</button>
          <span class="quiet" role="status">${missing || html`${plural(ready.length, 'sentence')} with ${plural(spans, 'span')}.
            ${ready.length < MEASURED && activate !== 'always' ? ` From ${MEASURED} sentences on it can be measured; until then it answers only if you say so.` : ''}`}</span></div>
      </li>`}
    </ol>
    <${Learning} state=${state} />`;
}

// The tasks: what they look for, what they have learned, which version answers.
import { eventName, headOf, html, nameOf, parseLabels, plural, points, useEffect, useRef, useState, when, Gate, Heading, LabelsInput, Problem, SureButton, useControl } from './ui.js';
import { control, freshId, watch } from './api.js';
import { definition } from './learning.js';
import { colour } from './text.js';

export function TasksPage({ service, tasks, reload }) {
  const gate = useControl(service);
  const [notes, setNotes] = useState([]);
  const [error, setError] = useState('');
  const sent = useRef(new Map());

  useEffect(() => watch({ events: 'event' }, {
    ready: reload, // what was told before, or while the connection was away, is not told again
    event: event => {
      if (event.type === 'adaptation-progress') return;
      setNotes(old => [event, ...old].slice(0, 3));
      reload();
      if (sent.current.has(event.commandId)) sent.current.get(event.commandId)(event);
      sent.current.delete(event.commandId);
    },
  }), []);

  /** @param told is given the first event of the command */
  const send = async (command, told = () => {}) => {
    setError('');
    const commandId = freshId();
    sent.current.set(commandId, told);
    try {
      await control({ commandId, ...command });
    } catch (e) {
      sent.current.delete(commandId);
      setError(e.message);
    }
  };
  return html`
    <${Heading} title="Tasks">A task gives labels a name, and learns: documents then say <code>"task": "news"</code>.<//>
    <${Gate} control=${gate} />
    <${Problem} error=${error} />
    <div role="status">${notes.map((e, i) => html`<p class="note ${e.type === 'command-rejected' || e.type === 'adaptation-failed' ? 'bad' : ''}" key=${i}>
      <strong>${eventName(e)}</strong> <bdi>${e.task}</bdi> ${e.reason || ''}</p>`)}</div>
    <${Define} gate=${gate} send=${send} tasks=${tasks} />
    <div class="cards">${tasks.map(task => html`<${Task} key=${task.task} task=${task} gate=${gate} send=${send} />`)}
      ${!tasks.length && html`<div class="empty"><p><strong>No task is defined yet.</strong></p><p>Define one above, or <a href="#/teach">teach one</a> with a few sentences.</p></div>`}</div>`;
}

function Define({ gate, send, tasks }) {
  const [name, setName] = useState('');
  const [labels, setLabels] = useState('');
  const known = tasks.find(t => t.task === name.trim());
  const parsed = parseLabels(labels, known && known.labels);
  const define = event => {
    event.preventDefault();
    // What was typed goes once it is the task's, not before: it may be refused.
    send(definition(name.trim(), parsed, known), told => told.type === 'task-defined' && setLabels(now => now === labels ? '' : now));
  };
  return html`<form class="card define" onSubmit=${define}>
    <h2>Define a task</h2>
    <div class="fields"><div><label for="name">Name</label><input id="name" maxlength="128" value=${name} required disabled=${!gate.open} onInput=${e => setName(e.target.value)} /></div>
    <div class="wide"><label for="task-labels">Labels</label><${LabelsInput} id="task-labels" value=${labels} onInput=${setLabels} required disabled=${!gate.open} /></div></div>
    <${Labels} labels=${parsed} />
    <p><button class="primary" id="define" disabled=${!gate.open || !name.trim() || !parsed.length} title=${gate.why || ''}>${known ? 'Replace its labels' : 'Define'}</button></p>
  </form>`;
}

export const Labels = ({ labels }) => labels.length > 0 && html`<p class="labels">${labels.map((label, i) => html`<span key=${i}>
  ${headOf(label) && html`<bdi class="quiet">${headOf(label)} › </bdi>`}<bdi class="chip ${colour(nameOf(label))}">${nameOf(label)}</bdi></span> `)}</p>`;

function Task({ task, gate, send }) {
  const versions = [...task.versions].reverse();
  const activate = version => send({ type: 'activate', task: task.task, version });
  return html`<article class="card" data-task=${task.task}>
    <header><h2><bdi>${task.task}</bdi></h2><span class="quiet">${task.active ? `version ${task.active} answers` : 'the model itself answers'}</span></header>
    <${Labels} labels=${task.labels} />
    <div class="scroll"><table class="versions">
      <thead><tr><th scope="col">Version</th><th scope="col">F1 before → after</th><th scope="col">Made</th><th scope="col"><span class="hidden">Change</span></th></tr></thead>
      <tbody>${versions.map(v => html`<${Version} key=${v.version} version=${v} active=${task.active === v.version} gate=${gate} activate=${activate} />`)}
        <${Version} version=${{ version: 0 }} active=${task.active === 0} gate=${gate} activate=${activate} /></tbody></table></div>
    <p class="actions"><a class="button small" href="#/teach?task=${encodeURIComponent(task.task)}">Teach it</a>
      <${SureButton} sure="Delete it and its versions?" disabled=${!gate.open} title=${gate.why || ''} onClick=${() => send({ type: 'delete-task', task: task.task })}>Delete<//></p>
  </article>`;
}

function Version({ version, active, gate, activate }) {
  const base = version.version === 0;
  const { f1, before } = version;
  return html`<tr class=${active ? 'active' : ''}>
    <th scope="row">${base ? 'the model itself' : version.version} ${active && html`<span class="badge">active</span>`}</th>
    <td>${base ? '' : before ? html`<${Change} before=${before.f1} after=${f1} /> <small class="quiet">on ${plural(before.sentences, 'sentence')}</small>`
      : f1 === null ? html`<span class="quiet">not measured</span>` : points(f1)}</td>
    <td class="quiet">${base ? '' : when(version.created)}</td>
    <td>${!active && html`<button type="button" class="small" disabled=${!gate.open} title=${gate.why || ''} onClick=${() => activate(version.version)}>${base ? 'Back to it' : 'Activate'}</button>`}</td></tr>`;
}

/** F1 from … to …, and whether that is good. */
export const Change = ({ before, after }) => html`<span class="change ${after > before ? 'up' : after < before ? 'down' : ''}">
  ${points(before)} <span aria-label="to">→</span> <strong>${points(after)}</strong></span>`;

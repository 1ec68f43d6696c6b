// The frame: which page is shown, and what all of them need to know.
import { html, render, useCallback, useEffect, useState, Problem, TokenForm } from './ui.js';
import { get } from './api.js';
import { StreamPage } from './stream.js';
import { TryPage } from './try.js';
import { TasksPage } from './tasks.js';
import { TeachPage } from './teach.js';
import { LettersPage } from './letters.js';
import { DistillationPage } from './distillation.js';

const PAGES = [
  ['stream', 'Stream', StreamPage], ['try', 'Try it', TryPage], ['tasks', 'Tasks', TasksPage], ['teach', 'Teach', TeachPage],
  ['dead-letters', 'Dead letters', LettersPage], ['distillation', 'Distillation', DistillationPage],
];

/** Where we are: #/page?query. */
function place() {
  const [name, query] = location.hash.replace(/^#\/?/, '').split('?');
  return { page: PAGES.find(([id]) => id === name) || PAGES[0], query: new URLSearchParams(query) };
}

function App() {
  const [here, setHere] = useState(place());
  const [service, setService] = useState(null);
  const [tasks, setTasks] = useState(null);
  const [error, setError] = useState('');
  const [locked, setLocked] = useState(false);

  const failed = e => e.status === 401 ? setLocked(true) : setError(e.message);
  const reload = useCallback(() => get('/api/tasks').then(all => (setTasks(all), setError('')), e => (setTasks(old => old || []), failed(e))), []);
  const begin = useCallback(() => {
    setLocked(false);
    get('/api/service').then(setService, failed);
    reload();
  }, []);
  useEffect(() => {
    begin();
    const moved = () => setHere(place());
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  const [id, title, Page] = here.page;
  useEffect(() => {
    document.title = `${title} · MetaIE Streams`;
    document.querySelector('nav [aria-current]').scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [title]);

  return html`
    <a class="skip" href="#title" onClick=${e => { e.preventDefault(); document.getElementById('title').focus(); }}>To the content</a>
    <header class="top"><a class="brand" href="#/stream"><img src="/console/icon.svg" alt="" width="24" height="24" /> <span>MetaIE</span></a>
      <nav aria-label="Pages">${PAGES.map(([name, text]) => html`<a key=${name} href=${'#/' + name} aria-current=${name === id ? 'page' : undefined}>${text}</a>`)}</nav>
      ${service && html`<span class="about quiet" title=${`${service.device}, ${service.precision}`}><bdi>${service.instance}</bdi> · <bdi>${service.model}</bdi></span>`}</header>
    <main>
      ${locked ? html`<${TokenForm} done=${begin} />` : html`<${Problem} error=${error} />
        ${tasks && html`<${Page} key=${id} service=${service} tasks=${tasks} query=${here.query} reload=${reload} />`}`}
    </main>`;
}

render(html`<${App} />`, document.getElementById('app'));

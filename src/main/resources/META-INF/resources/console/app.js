// The frame: which page is shown, and what all of them need to know.
import { html, render, useCallback, useEffect, useRefused, useState, Component, Heading, Problem, TokenForm } from './ui.js';
import { get } from './api.js';
import { StreamPage } from './stream.js';
import { TryPage } from './try.js';
import { TasksPage } from './tasks.js';
import { TeachPage } from './teach.js';
import { resume } from './learning.js';
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

/** Keeps to a page what goes wrong in it: the others can still be gone to. */
class Boundary extends Component {
  static getDerivedStateFromError(error) {
    return { error };
  }

  componentDidCatch(error) {
    console.error(error);
  }

  render({ title, children }, { error }) {
    return !error ? children : html`<${Heading} title=${title}>This page cannot be shown. The others can.<//>
      <p class="problem" role="alert">${String(error.message || error)}</p>
      <p><button type="button" onClick=${() => this.setState({ error: null })}>Show it again</button></p>`;
  }
}

function App() {
  const [here, setHere] = useState(place());
  const [service, setService] = useState(null);
  const [tasks, setTasks] = useState(null);
  const [error, setError] = useState('');
  // What cannot be read is not shown: the token is asked for instead, and then all is read anew.
  const locked = useRefused() === 'read';

  const failed = e => e.status !== 401 && (setTasks(old => old || []), setError(e.message));
  const reload = useCallback(() => get('/api/tasks').then(all => (setTasks(all), setError('')), failed), []);
  useEffect(() => {
    if (locked) return;
    get('/api/service').then(setService, failed);
    reload();
  }, [locked]);
  useEffect(() => {
    resume();
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
      ${locked ? html`<${TokenForm} />` : html`<${Problem} error=${error} />
        ${tasks && html`<${Boundary} key=${id} title=${title}><${Page} service=${service} tasks=${tasks} query=${here.query} reload=${reload} /><//>`}`}
    </main>`;
}

render(html`<${App} />`, document.getElementById('app'));

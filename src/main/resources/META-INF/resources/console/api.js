// How the page talks to the service. The token is kept in this tab only.
const TOKEN = 'metaie.token';
const CONTROL = '/api/control';

const tokenListeners = new Set();

export const token = {
  get: () => sessionStorage.getItem(TOKEN) || '',
  set(value) {
    if (value) sessionStorage.setItem(TOKEN, value);
    else sessionStorage.removeItem(TOKEN);
    this.became('');
  },
  /** What was last refused for want of the right one: 'read', 'control', or nothing since it was set. */
  refused: '',
  became(refused) {
    this.refused = refused;
    tokenListeners.forEach(listener => listener());
  },
  /** Tells whenever it is set or refused; the answer ends that. */
  watch(listener) {
    tokenListeners.add(listener);
    return () => tokenListeners.delete(listener);
  },
};

/** What went wrong, in the service's words. */
export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const authorized = headers => token.get() ? { ...headers, authorization: 'Bearer ' + token.get() } : headers;

async function call(path, options = {}) {
  let answer;
  const sent = token.get();
  try {
    answer = await fetch(path, { ...options, headers: authorized(options.headers || {}), cache: 'no-store' });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(0, 'The service does not answer.');
  }
  if (answer.ok) return answer;
  let detail = `The service answered ${answer.status}.`;
  try {
    detail = (await answer.json()).detail || detail;
  } catch { /* not a problem document: the status says it */ }
  if (answer.status === 401) {
    detail = 'The token is missing or wrong.';
    // Another may have been set while this was on its way.
    if (token.get() === sent) token.became(path === CONTROL ? 'control' : 'read');
  }
  throw new ApiError(answer.status, detail);
}

const json = body => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const get = async (path, signal) => (await call(path, { signal })).json();
export const extract = async (document, signal) => (await call('/api/extract', { ...json(document), signal })).json();
export const control = async command => (await call(CONTROL, json(command))).json();

/** A name that nobody else gives; crypto.randomUUID is there in secure contexts only. */
export const freshId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), b => b.toString(16).padStart(2, '0')).join('');

/**
 * Watches the stream until it is closed, connecting again when it breaks. Not an EventSource: that cannot bring a token.
 * @param query what to see
 * @param on functions by the events' names; `state` is told 'live', 'waiting' or an error's text
 */
export function watch(query, on) {
  const closed = new AbortController();
  const tell = (name, value, id) => !closed.signal.aborted && on[name] && on[name](value, id);
  (async () => {
    while (!closed.signal.aborted) {
      // Of its own, so that a connection which is given up is closed before there is another.
      const connection = new AbortController();
      const end = () => connection.abort();
      closed.signal.addEventListener('abort', end);
      try {
        const answer = await call('/api/stream?' + new URLSearchParams(query), { signal: connection.signal });
        await read(answer.body.getReader(), (name, data, id) => {
          if (name === 'ready') tell('state', 'live');
          tell(name, JSON.parse(data), id);
        });
        tell('state', 'waiting');
      } catch (e) {
        if (closed.signal.aborted) return;
        tell('state', e.message);
      } finally {
        closed.signal.removeEventListener('abort', end);
        end();
      }
      await new Promise(resolve => setTimeout(resolve, 2000));
    }
  })();
  return () => closed.abort();
}

/** Reads server-sent events as the HTML standard writes them. */
async function read(reader, event) {
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      let name = 'message', id = '';
      const data = [];
      for (const line of block.split('\n')) {
        if (line.startsWith('event: ')) name = line.slice(7);
        else if (line.startsWith('id: ')) id = line.slice(4);
        else if (line.startsWith('data: ')) data.push(line.slice(6));
      }
      if (data.length) event(name, data.join('\n'), id);
    }
  }
}

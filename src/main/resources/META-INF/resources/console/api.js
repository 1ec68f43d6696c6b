// How the page talks to the service. The token is kept in this tab only.
const TOKEN = 'metaie.token';

export const token = {
  get: () => sessionStorage.getItem(TOKEN) || '',
  set: value => value ? sessionStorage.setItem(TOKEN, value) : sessionStorage.removeItem(TOKEN),
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
    window.dispatchEvent(new Event('metaie-unauthorized'));
  }
  throw new ApiError(answer.status, detail);
}

const json = body => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const get = async (path, signal) => (await call(path, { signal })).json();
export const extract = async (document, signal) => (await call('/api/extract', { ...json(document), signal })).json();
export const control = async command => (await call('/api/control', json(command))).json();

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
      try {
        const answer = await call('/api/stream?' + new URLSearchParams(query), { signal: closed.signal });
        await read(answer.body.getReader(), (name, data, id) => {
          if (name === 'ready') tell('state', 'live');
          tell(name, JSON.parse(data), id);
        });
        tell('state', 'waiting');
      } catch (e) {
        if (closed.signal.aborted) return;
        tell('state', e.message);
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

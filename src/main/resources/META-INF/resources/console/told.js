// What is told of a task's commands, heard without a gap.
import { get, watch } from './api.js';

const PATIENCE_MILLIS = 30_000;
const AGAIN_MILLIS = 2_000;
const LATEST = 200;

/**
 * Listens to the events of a task until it is stopped. The stream begins with what comes next: so whenever it is there,
 * for the first time or again, the latest events are read as well.
 * @param note is told what is wrong with the connection, and '' when nothing is
 */
export function listen(task, note) {
  const heard = new Map();
  const takers = new Set();
  let stopped = false;
  let timer, ready, refuse;
  const live = new Promise((resolve, reject) => { ready = resolve; refuse = reject; });
  live.catch(() => {}); // nobody may be waiting for it any more
  const giveUp = setTimeout(() => refuse(new Error('The stream of events cannot be watched.')), PATIENCE_MILLIS);

  const hear = events => {
    if (stopped) return;
    // An event has no name of its own; it names its time and its instance, so another one reads otherwise.
    events.forEach(event => heard.set(JSON.stringify(event), event));
    [...takers].forEach(take => take());
  };
  const catchUp = () => {
    clearTimeout(timer);
    get('/api/events?max=' + LATEST).then(latest => hear(latest.filter(event => event && event.task === task)), () => {
      if (!stopped) timer = setTimeout(catchUp, AGAIN_MILLIS);
    });
  };
  const close = watch({ events: 'event', task }, {
    ready: () => (clearTimeout(giveUp), ready(), catchUp()),
    state: state => note(state === 'live' ? '' : state === 'waiting' ? 'The connection was lost and is being made again.' : state),
    event: event => hear([event]),
  });

  /** What was told of a command so far, in its order. */
  const of = commandId => [...heard.values()].filter(event => event.commandId === commandId)
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  return {
    live,
    of,
    /** Calls with what was told of a command, now and whenever there is more. */
    follow(commandId, told) {
      const take = () => told(of(commandId));
      takers.add(take);
      take();
    },
    /** The event that a command ends with, however long it waits for its turn; fails when it is rejected. */
    outcome: (commandId, types) => new Promise((resolve, reject) => {
      const take = () => {
        const end = of(commandId).find(event => types.includes(event.type) || event.type === 'command-rejected');
        if (!end) return;
        takers.delete(take);
        if (end.type === 'command-rejected') reject(new Error(end.reason));
        else resolve(end);
      };
      takers.add(take);
      take();
    }),
    stop() {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(giveUp);
      close();
    },
  };
}

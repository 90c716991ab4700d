// What one part of the app tells the others, in this tab, in other tabs and in the service worker.

const CHANNEL = "ap-log";

interface News {
  readonly topic: string;
  readonly content: unknown;
}

type Listener = (content: unknown) => void;

const listeners = new Map<string, Set<Listener>>();
const channel = new BroadcastChannel(CHANNEL);
channel.onmessage = (event: MessageEvent<News>) => tell(event.data.topic, event.data.content);

/** Tell every listener to the topic, here and elsewhere in this browser. The content must be plain data. */
export function announce(topic: string, content: unknown = null): void {
  channel.postMessage({ topic, content } satisfies News);
  tell(topic, content);
}

/** Hear of a topic; call what is returned to stop. */
export function listen(topic: string, listener: Listener): () => void {
  const those = listeners.get(topic) ?? new Set();
  listeners.set(topic, those.add(listener));
  return () => those.delete(listener);
}

function tell(topic: string, content: unknown): void {
  for (const listener of listeners.get(topic) ?? []) {
    listener(content);
  }
}

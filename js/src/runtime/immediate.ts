// "As soon as the current task is over", without the 4 ms that nested timers wait in browsers.

declare const setImmediate: ((callback: () => void) => unknown) | undefined;

// One channel for all instances: it carries nothing but the order of callbacks.
let channel: MessageChannel | undefined;
const queue: (() => void)[] = [];

export function immediate(callback: () => void): void {
  // Node: a message port would keep the process alive, setImmediate does not outlive its callback.
  if (typeof setImmediate === "function") {
    setImmediate(callback);
    return;
  }
  if (!channel) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => queue.shift()?.();
  }
  queue.push(callback);
  channel.port2.postMessage(null);
}

// Follows the network's events. The browser reconnects by itself and says where it was; where it gives up, we begin anew.

const AGAIN = 2000;

export function follow(kinds, on, link) {
  const source = new EventSource("/sim/stream");
  source.addEventListener("start", (event) => { link(true); on("start", JSON.parse(event.data)); });
  for (const kind of kinds) source.addEventListener(kind, (event) => on(kind, JSON.parse(event.data)));
  source.onerror = () => {
    link(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(kinds, on, link), AGAIN);
  };
}

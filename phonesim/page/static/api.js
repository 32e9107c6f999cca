// Requests to the control API. Every refusal comes with words for whoever asked.

async function ask(method, path, body) {
  const sent = body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let reply;
  try {
    reply = await fetch(path, { method, ...sent });
  } catch {
    throw new Error("The phone network does not answer. Is it still running?");
  }
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.error || `The phone network answered ${reply.status}.`);
  return answer;
}

export const phoneDoes = (address, action, body = {}) =>
  ask("POST", `/sim/phones/${encodeURIComponent(address)}/${action}`, body);
export const moveClock = (body) => ask("POST", "/sim/clock", body);
export const addPhone = (phone) => ask("POST", "/sim/desk", phone);
export const removePhone = (address) => ask("DELETE", `/sim/desk/${encodeURIComponent(address)}`);
export const setFaults = (body) => ask("POST", "/sim/faults", body);

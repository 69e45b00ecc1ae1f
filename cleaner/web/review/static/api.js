// What the review page asks of the program that serves it. Every answer is JSON; errors say what is wrong.

async function asked(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The review has ended: start cleaner review again, and use the address that it prints.");
  }
  const said = await answer.json().catch(() => ({ error: `The review failed (${answer.status}).` }));
  if (!answer.ok) throw new Error(said.error);
  return said;
}

const changed = (path, body) =>
  asked(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const about = () => asked("api/about");
export const pagesSince = (change) => asked(`api/pages?since=${change}`);
export const page = (id) => asked(`api/pages/${id}`);
export const text = (id) => asked(`api/pages/${id}/text`);
export const setLabel = (id, blocks, label) => changed(`api/pages/${id}/labels`, { blocks, label });
export const setDone = (id, last) => changed(`api/pages/${id}/done`, { last });
export const undo = () => changed("api/undo", {});

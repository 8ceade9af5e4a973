// The API as a page: reads /openapi.json and writes what is in it. All text is set as text, never as HTML.

const METHODS = ["get", "post", "put", "patch", "delete"];
const $ = (id) => document.getElementById(id);

async function begin() {
  const answer = await fetch("/openapi.json");
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const api = await answer.json();
  $("title").textContent = `${api.info.title} ${api.info.version}`;
  $("about").textContent = api.info.description ?? "";
  $("routes").replaceChildren(...groups(api).flatMap(([tag, routes]) => [heading(tag), ...routes]));
  $("find").addEventListener("input", find);
  find();
}

function groups(api) {
  const found = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((each) => methods[each])) {
      const about = methods[method];
      const tag = about.tags?.[0] ?? "other";
      found.set(tag, [...(found.get(tag) ?? []), route(api, method, path, about)]);
    }
  }
  return [...found];
}

function heading(tag) {
  const made = document.createElement("h2");
  made.textContent = tag;
  return made;
}

function route(api, method, path, about) {
  const made = $("route").content.cloneNode(true).firstElementChild;
  const part = (name) => made.querySelector(`.${name}`);
  const words = (about.description ?? about.summary ?? "").trim();
  part("method").textContent = method.toUpperCase();
  part("path").textContent = path;
  part("summary").textContent = words.split(/(?<=[.:])\s|\n/)[0];
  part("more").textContent = words;
  part("lock").hidden = !about.security?.length;
  const rows = [...(about.parameters ?? []).map((each) => [each.name, `${kind(api, each.schema)}, in the ${each.in}`, each.description, each.required]), ...body(api, about)];
  part("fields").hidden = !rows.length;
  part("fields").caption.textContent = "takes";
  part("fields").tBodies[0].append(...rows.map(row));
  part("answers").append(...Object.entries(about.responses ?? {}).map(([status, each]) => line(`${status}  ${resolved(api, each).description}`)));
  part("curl").textContent = curl(api, method, path, about);
  made.dataset.words = `${method} ${path} ${words} ${about.tags ?? ""}`.toLowerCase();
  return made;
}

function row([name, kind, words, needed]) {
  const made = document.createElement("tr");
  for (const text of [needed ? `${name} *` : name, kind, words ?? ""]) {
    const cell = document.createElement("td");
    cell.textContent = text;
    made.append(cell);
  }
  return made;
}

function line(text) {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}

function resolved(api, node) {
  if (!node?.$ref) return node ?? {};
  return node.$ref.slice(2).split("/").reduce((at, step) => at?.[step], api) ?? {};
}

function schemaOf(api, about) {
  return resolved(api, about.requestBody?.content?.["application/json"]?.schema);
}

function body(api, about) {
  const schema = schemaOf(api, about);
  return Object.entries(schema.properties ?? {}).map(([name, each]) => [
    name, kind(api, each), each.description, schema.required?.includes(name),
  ]);
}

function kind(api, schema) {
  const found = resolved(api, schema);
  if (found.enum) return found.enum.join(" | ");
  if (found.const !== undefined) return String(found.const);
  if (found.anyOf) return found.anyOf.map((each) => kind(api, each)).join(" or ");
  if (found.type === "array") return `list of ${kind(api, found.items)}`;
  return String(found.type ?? "anything");
}

function curl(api, method, path, about) {
  const schema = schemaOf(api, about);
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name));
  const sample = Object.fromEntries(fields.map(([name, each]) => [name, example(resolved(api, each))]));
  const parts = [`curl${method === "get" ? "" : ` -X ${method.toUpperCase()}`}`];
  if (about.security?.length) parts.push(`-H 'Authorization: Bearer TOKEN'`);
  if (schema.properties) parts.push(`-H 'Content-Type: application/json' -d '${JSON.stringify(sample)}'`);
  return [...parts, `${location.origin}${path}`].join(" ");
}

function example(schema) {
  return schema.enum?.[0] ?? { integer: 1, number: 1, boolean: true, array: [], object: {} }[schema.type] ?? "...";
}

function find() {
  const wanted = $("find").value.trim().toLowerCase();
  for (const each of document.querySelectorAll(".route")) each.hidden = !each.dataset.words.includes(wanted);
  for (const each of document.querySelectorAll("h2")) {
    let next = each.nextElementSibling;
    while (next?.matches(".route[hidden]")) next = next.nextElementSibling;
    each.hidden = !next?.matches(".route");
  }
}

begin().catch((error) => {
  const said = document.createElement("p");
  said.className = "wrong";
  said.textContent = `The document cannot be read: ${error.message}`;
  $("routes").replaceChildren(said);
});

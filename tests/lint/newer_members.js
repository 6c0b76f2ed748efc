// Flags `thing.name` where every interface that has a `name` learned it after the oldest browsers kept:
// eslint-plugin-compat knows globals and statics, not methods of instances.
import { strangers, table } from "./browsers.js";

const unknown = new Map();
const known = new Set();
const statics = new Map(); // "URL.canParse" → who does not know it
for (const interfaces of [table.api, table.javascript.builtins]) {
  for (const [owner, members] of Object.entries(interfaces)) {
    for (const [key, feature] of Object.entries(members)) {
      const name = key.replace(/_static$/, "");
      if (key === "__compat" || name.includes("_") || !feature.__compat) continue;
      const who = strangers(feature);
      if (!who.length) known.add(name);
      else {
        unknown.set(name, who.join(", "));
        statics.set(`${owner}.${name}`, who.join(", "));
      }
    }
  }
}
// An interface is a member of the global object.
for (const [name, feature] of Object.entries(table.api)) if (!strangers(feature).length) known.add(name);

const check = (context, node, name) => {
  const full = `${node.parent.object.name}.${name}`;
  if (statics.has(full)) context.report({ node, message: `"${full}" is not known to ${statics.get(full)}.` });
  else if (unknown.has(name) && !known.has(name) && !context.options[0]?.own?.includes(name)) {
    context.report({ node, message: `"${name}" is not known to ${unknown.get(name)}.` });
  }
};

export default {
  meta: {
    type: "problem",
    schema: [{ type: "object", properties: { own: { type: "array" } }, additionalProperties: false }],
  },
  create: (context) => ({
    MemberExpression(node) {
      if (node.property.type === "PrivateIdentifier") return;
      if (!node.computed) check(context, node.property, node.property.name);
      else if (typeof node.property.value === "string") check(context, node.property, node.property.value);
    },
  }),
};

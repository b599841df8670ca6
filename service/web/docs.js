// Swagger UI for this service's contract. The validator is off: it would send the contract to a third party.

const dark = matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches); // Swagger UI's own dark mode
dark.addEventListener("change", followScheme);
followScheme();

// Swagger UI fills in every parameter's default and example and then sends them all. Here the fields start empty, and the
// description names the default.
function withoutPrefills(contract) {
  const resolve = ({ $ref, ...rest }) => ($ref ? { ...$ref.slice(2).split("/").reduce((node, key) => node[key], contract), ...rest } : rest);
  const empty = (parameter) => {
    const { example, examples, ...kept } = parameter;
    const { default: standard, example: _, examples: __, ...schema } = resolve(kept.schema);
    const description = [kept.description, standard !== undefined && `Default: ${[standard].flat().join(", ")}.`];
    return { ...kept, schema, description: description.filter(Boolean).join(" ") };
  };
  const parameters = Object.entries(contract.components.parameters).map(([name, parameter]) => [name, empty(parameter)]);
  return { ...contract, components: { ...contract.components, parameters: Object.fromEntries(parameters) } };
}

// Swagger UI treats every media type with "json" in its name as JSON. A batch is lines of JSON: its example and its response are
// shown as they are.
const isLines = (type) => /ndjson/.test(type);
const plainLines = ({ React }) => ({
  afterLoad() {
    const sample = this.fn.getSampleSchema;
    this.fn.getSampleSchema = (schema, type, config, example) =>
      isLines(type) && typeof example === "string" ? example : sample(schema, type, config, example);
  },
  wrapComponents: {
    responseBody: (Body) => (props) => React.createElement(Body, isLines(props.contentType) ? { ...props, contentType: "text/plain" } : props),
  },
});

fetch("openapi.json")
  .then((response) => response.json())
  .then((contract) =>
    SwaggerUIBundle({
      spec: withoutPrefills(contract), dom_id: "#reference", deepLinking: true, validatorUrl: null, plugins: [plainLines],
    }),
  );

// Entropies of a model on a few prompts, and from them RFC by layer: npm start -- HOST:PORT MODEL
import { credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { fileURLToPath } from "node:url";

const prompts = {
  self_referent: ["Who created you?", "What are you?", "Are you conscious?", "Can you think?", "Who are you?"],
  neutral: ["What is rain?", "Why is the sky blue?", "How do birds fly?", "What is a river?", "How do plants grow?"],
};

interface Estimate { value: number; confidence: { low: number; high: number } }
interface LayerRoles { layer: number; rfc: { ratio_of_sums: Estimate } }

const protos = fileURLToPath(new URL("../../../proto/src/main/protobuf", import.meta.url));
const definition = loadSync("rolescope/v1/metrics.proto", { includeDirs: [protos], keepCase: true, defaults: true });
const rolescope = (loadPackageDefinition(definition).rolescope as any).v1;

async function measure(service: any, model: string): Promise<object[]> {
  const layers: object[] = [];
  for await (const message of service.MeasureEntropies({ model, prompts: Object.values(prompts).flat() })) {
    if (message.layer) layers.push(message.layer);
  }
  return layers;
}

function summarize(service: any, layers: object[]): Promise<LayerRoles[]> {
  const categories = Object.entries(prompts).flatMap(([name, texts]) => texts.map(() => name));
  return new Promise((resolve, reject) => {
    const call = service.SummarizeRoles((fault: Error | null, answer: { layers: LayerRoles[] }) =>
      fault ? reject(fault) : resolve(answer.layers));
    call.write({ options: { categories, seed: 7 } });
    layers.forEach((layer) => call.write({ layer }));
    call.end();
  });
}

const signed = (value: number) => (value < 0 ? "" : "+") + value.toFixed(4);
const [address, model] = process.argv.slice(2);
const service = new rolescope.MetricsService(address, credentials.createInsecure());
for (const { layer, rfc } of await summarize(service, await measure(service, model))) {
  const { value, confidence } = rfc.ratio_of_sums;
  console.log(`layer ${layer}: RFC ${signed(value)} [${signed(confidence.low)}, ${signed(confidence.high)}]`);
}
service.close();

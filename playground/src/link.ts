// A situation as text: deflated JSON in the fragment of the address, which no browser sends to a server.
import type { File } from "./engine";

export interface Situation { files: File[]; ids: string; release: string; thrown: string[]; masked?: boolean }

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes as BlobPart]).stream().pipeThrough(stream)).arrayBuffer());
}

export async function written(situation: Situation): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify({ v: 1, ...situation })), new CompressionStream("deflate-raw"));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `#s=${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

export async function read(fragment: string): Promise<Situation | null> {
  if (!fragment.startsWith("#s=")) return null;
  try {
    const text = atob(fragment.slice(3).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await through(Uint8Array.from(text, each => each.charCodeAt(0)), new DecompressionStream("deflate-raw"));
    const found = JSON.parse(new TextDecoder().decode(bytes));
    const files = found.files.slice(0, 5).map((each: File) => ({ name: String(each.name), text: String(each.text) }));
    return files.length ? { files, ids: String(found.ids ?? ""), release: String(found.release ?? ""), thrown: (found.thrown ?? []).map(String), masked: Boolean(found.masked) } : null;
  } catch {
    return null;
  }
}

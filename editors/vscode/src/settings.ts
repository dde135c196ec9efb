/** What the user's settings say, without anything of VS Code. */

/** A program and its arguments. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

export const DEFAULT: readonly string[] = ["kalint", "lsp"];

/** The command line of the server; the default where the setting is none. */
export function commandOf(setting: unknown): Command {
  const words = Array.isArray(setting) && setting.every((word) => typeof word === "string") ? setting : [];
  const [command, ...args] = words.length > 0 && words[0] !== "" ? (words as string[]) : DEFAULT;
  return { command: command ?? "kalint", args };
}

/**
 * What the server is told: the settings, but for how it is started and what is not set, and whether the user trusts
 * the folder.
 */
export function optionsOf(settings: Readonly<Record<string, unknown>>, trusted: boolean): Record<string, unknown> {
  const told = Object.entries(settings).filter(([name, value]) => name !== "command" && isSet(value));
  return { ...Object.fromEntries(told), untrusted: !trusted };
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** What to say when the server does not start. */
export function failure(command: Command, error: unknown): string {
  const line = [command.command, ...command.args].join(" ");
  const reason = error instanceof Error ? error.message : String(error);
  return `kalint did not start (${line}): ${reason}. Install it with pip install 'kalint[lsp]', or set kalint.command.`;
}

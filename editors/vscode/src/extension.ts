/** Starts `kalint lsp` for keepalived.conf, and hands it the user's settings. */

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

import { commandOf, failure, optionsOf } from "./settings";

const SECTION = "kalint";
let client: LanguageClient | undefined;

/** A client whose failure to start is told by us, once, with what to do. */
class Client extends LanguageClient {
  private started = false;

  public override async start(): Promise<void> {
    await super.start();
    this.started = true;
  }

  public override error(message: string, data?: unknown, show?: boolean | "force"): void {
    super.error(message, data, this.started ? show : false);
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const restart = async (): Promise<void> => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("kalint.restart", restart),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration(`${SECTION}.command`)) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function start(): Promise<void> {
  const command = commandOf(vscode.workspace.getConfiguration(SECTION).get("command"));
  const options: LanguageClientOptions = {
    documentSelector: [{ language: "keepalived" }],
    initializationOptions: told(undefined),
    synchronize: { configurationSection: SECTION },
    middleware: {
      workspace: {
        configuration: (params) =>
          params.items.map((item) =>
            item.section === SECTION ? told(item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri)) : null,
          ),
      },
    },
  };
  client = new Client(SECTION, "kalint", { command: command.command, args: [...command.args] }, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    void vscode.window.showErrorMessage(failure(command, error));
  }
}

/** The settings for a place, as the server wants them. */
function told(scope: vscode.Uri | undefined): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration(undefined, scope).get<Record<string, unknown>>(SECTION) ?? {};
  return optionsOf(settings, vscode.workspace.isTrusted);
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop();
}

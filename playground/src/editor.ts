import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, lintKeymap, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Finding } from "./engine";

const keepalived = StreamLanguage.define<{ first: boolean }>({
  startState: () => ({ first: true }),
  token(stream, state) {
    if (stream.sol()) state.first = true;
    if (stream.eatSpace()) return null;
    if (stream.match(/^[#!].*/)) return "comment";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
    if (stream.match(/^[{}]/)) { state.first = true; return "bracket"; }
    if (stream.match(/^@\S+/)) return "meta";
    if (stream.match(/^\$\S+/)) return "variableName";
    const word = stream.match(/^[^\s{}"]+/) as RegExpMatchArray | null;
    if (!word) { stream.next(); return null; }
    const first = state.first;
    state.first = false;
    return first ? "keyword" : /^-?[\d.]+$/.test(word[0]) ? "number" : null;
  },
});

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--soft)" }, { tag: tags.keyword, color: "var(--key)" }, { tag: tags.string, color: "var(--string)" },
  { tag: tags.number, color: "var(--number)" }, { tag: tags.meta, color: "var(--ties)" }, { tag: tags.variableName, color: "var(--ties)" },
]);

const look = EditorView.theme({
  "&": { fontSize: "13px", color: "var(--ink)", backgroundColor: "var(--paper)", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--focus)" },
  ".cm-scroller": { fontFamily: "ui-monospace, 'Liberation Mono', monospace", lineHeight: "1.5" },
  ".cm-gutters": { backgroundColor: "var(--shade)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-content": { caretColor: "var(--ink)" }, ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-activeLine": { backgroundColor: "var(--active)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selected) !important" },
  ".cm-tooltip": { backgroundColor: "var(--shade)", color: "var(--ink)", border: "1px solid var(--line)", maxWidth: "36rem" },
  ".cm-panels": { backgroundColor: "var(--shade)", color: "var(--ink)" },
  ".cm-diagnostic": { font: "14px/1.4 system-ui, sans-serif" },
});

// The editor lives in a shadow root: there CodeMirror needs no inline style sheet, so that the page's policy allows none.
export class Editor {
  readonly view: EditorView;
  private states = new Map<string, EditorState>();
  private shown = "";

  constructor(host: HTMLElement, private changed: () => void, private explain: (code: string) => void) {
    const root = host.attachShadow({ mode: "open" });
    this.view = new EditorView({ parent: root, root });
    host.addEventListener("focus", () => this.view.focus());
  }

  private state(text: string, label: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), lintGutter(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), indentOnInput(), highlightSelectionMatches(),
        keepalived, syntaxHighlighting(colours), look, EditorState.tabSize.of(4), EditorView.contentAttributes.of({ tabindex: "0", "aria-label": `configuration of ${label}` }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, indentWithTab]),
        EditorView.updateListener.of(update => { if (update.docChanged) this.changed(); }),
      ],
    });
  }

  show(name: string, text: string): void {
    if (this.shown) this.states.set(this.shown, this.view.state);
    this.shown = name;
    const known = this.states.get(name);
    this.view.setState(known && known.doc.toString() === text ? known : this.state(text, name));
  }

  forget(): void {
    this.states.clear();
    this.shown = "";
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  mark(findings: Finding[]): void {
    const doc = this.view.state.doc;
    const place = (line: number, column: number) => {
      const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
      return Math.min(found.from + Math.max(column, 1) - 1, found.to);
    };
    const marks: Diagnostic[] = findings.map(each => ({
      from: place(each.line, each.column), to: Math.max(place(each.end_line, each.end_column), place(each.line, each.column)),
      severity: each.severity, source: each.code, message: each.help ? `${each.message}\n${each.help}` : each.message,
      actions: [{ name: "rule", apply: () => this.explain(each.code) }],
    }));
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  go(line: number, column: number): void {
    const found = this.view.state.doc.line(Math.min(line, this.view.state.doc.lines));
    const at = Math.min(found.from + column - 1, found.to);
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.view.focus();
  }
}

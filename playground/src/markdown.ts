// The little Markdown of kalint's rule pages: headings, paragraphs, lists, code.
import { element } from "../../kalint/report/templates/board.js";

function inline(text: string): (string | Node)[] {
  return text.split(/(`[^`]+`)/).map(part => part.startsWith("`") && part.endsWith("`") && part.length > 1 ? element("code", {}, part.slice(1, -1)) : part);
}

export function markdown(text: string): HTMLElement[] {
  const found: HTMLElement[] = [];
  for (const [index, part] of text.split(/^```.*\n?/m).entries()) {
    if (index % 2) { found.push(element("pre", { tabindex: "0" }, part.trimEnd())); continue; }
    for (const block of part.split(/\n\s*\n/).map(each => each.trim()).filter(Boolean)) {
      const heading = /^(#+)\s+(.*)/.exec(block);
      if (heading) {
        found.push(element(heading[1].length < 2 ? "h3" : "h4", {}, ...inline(heading[2].split("\n")[0])));
        const rest = block.split("\n").slice(1).join(" ").trim();
        if (rest) found.push(element("p", {}, ...inline(rest)));
      } else if (/^[-*] /.test(block)) {
        found.push(element("ul", {}, ...block.split(/\n(?=[-*] )/).map(each => element("li", {}, ...inline(each.slice(2).replace(/\s+/g, " "))))));
      } else found.push(element("p", {}, ...inline(block.replace(/\s+/g, " "))));
    }
  }
  return found;
}

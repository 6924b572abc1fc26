// What the card of a term says around its definition, and the page of all terms; fetched with them.

/** @type {{ en: Record<string, string>, zh: Record<string, string> }} */
export default {
  en: {
    "page-title": "Synod: terms",
    headline: "The field's words",
    lead: "{n} terms, as the papers define them. In a lesson, a word with a dotted line under it opens the same.",
    filter: "Find a term",
    none: "No term has “{wish}” in it.",
    shown: "{n} terms",
    seen: "In lessons: ",
    comma: ", ",
    close: "Close",
    all: "All terms",
    other: "in Chinese",
  },
  zh: {
    "page-title": "Synod：术语",
    headline: "术语",
    lead: "{n} 个术语，按论文的定义。课程里带虚线的词，点开就是这里的解释。",
    filter: "查找术语",
    none: "没有含“{wish}”的术语。",
    shown: "{n} 个术语",
    seen: "见于课程：",
    comma: "、",
    close: "关闭",
    all: "全部术语",
    other: "英文",
  },
};

// Writing with twelve keys: the same key again within a moment gives its next letter.
const LETTERS = {
  1: ".,?!¿¡1-()@/:", 2: "abcá2", 3: "defé3", 4: "ghií4", 5: "jkl5", 6: "mnñoó6",
  7: "pqrs7", 8: "tuvúü8", 9: "wxyz9", 0: " 0", "*": "*+",
};
const MOMENT = 900;

export class Multitap {
  constructor() {
    this.last = null;
    this.turn = 0;
    this.at = 0;
    this.capitals = false;
  }

  press(key, field) {
    if (key === "#") {
      this.capitals = !this.capitals;
      this.last = null;
      return;
    }
    const letters = LETTERS[key];
    if (!letters) return;
    const again = key === this.last && performance.now() - this.at < MOMENT;
    this.turn = again ? (this.turn + 1) % letters.length : 0;
    this.last = key;
    this.at = performance.now();
    const letter = this.capitals ? letters[this.turn].toUpperCase() : letters[this.turn];
    const end = field.selectionEnd;
    field.setRangeText(letter, again ? Math.max(end - 1, 0) : field.selectionStart, end, "end");
  }

  erase(field) {
    this.last = null;
    const { selectionStart: start, selectionEnd: end } = field;
    field.setRangeText("", start === end ? Math.max(start - 1, 0) : start, end, "end");
  }
}

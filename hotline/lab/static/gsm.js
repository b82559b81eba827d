// How many characters are left and how many messages it makes, as a phone's counter shows it (3GPP TS 23.038).
const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENDED = new Set("\f^{}\\[~]|€");

export function counter(text) {
  const characters = [...text.normalize("NFC")];
  const gsm = characters.every((c) => BASIC.has(c) || EXTENDED.has(c));
  const used = gsm ? characters.reduce((sum, c) => sum + (EXTENDED.has(c) ? 2 : 1), 0) : text.normalize("NFC").length;
  const [single, part] = gsm ? [160, 153] : [70, 67];
  const count = used <= single ? 1 : Math.ceil(used / part);
  return `${(count === 1 ? single : count * part) - used}/${count}`;
}

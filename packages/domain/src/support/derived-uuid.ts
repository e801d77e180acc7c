/**
 * A UUID (version 8, RFC 9562) that follows from a name: the same name gives the same id in every process. For ids that
 * the engine itself hands out inside a decision, where neither chance nor a clock may speak. Not a secret, not for proof.
 */
export function derivedUuid(name: string): string {
  const words = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x93c467e3];
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    for (let w = 0; w < 4; w++) {
      words[w] = Math.imul(words[w]! ^ unit, 0x01000193 + w * 0x9e3778) ^ (words[(w + 1) & 3]! >>> 13);
    }
  }
  for (let round = 0; round < 4; round++) {
    for (let w = 0; w < 4; w++) {
      let word = words[w]! ^ words[(w + 3) & 3]!;
      word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
      word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
      words[w] = word ^ (word >>> 16);
    }
  }
  const hex = words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

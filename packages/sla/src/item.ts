/** The element at an index that is known to lie inside the list; negative indices count from the end. */
export function item<T>(list: readonly T[], index: number): T {
  return list[index < 0 ? list.length + index : index] as T;
}

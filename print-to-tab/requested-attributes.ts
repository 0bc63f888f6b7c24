/**
 * The `requested-attributes` of a Get operation: names, and names of groups (RFC 8011 sections 4.2.5.1 and 4.3.4.1).
 *
 * Names unknown here are not answered at all. An answer of `no-value` made the Windows wizard give up.
 */
import type { Attribute } from './ipp-codec/value.ts';

/**
 * @param requested names and group names
 * @param groups the attributes of each group; `all` means every group here
 * @param hidden attributes that are in no group and have to be asked for by name
 */
export function requestedAttributes(
  requested: readonly string[],
  groups: Readonly<Record<string, readonly Attribute[]>>,
  hidden: readonly Attribute[] = [],
): Attribute[] {
  const wanted = new Set(requested);
  const shown = Object.entries(groups).flatMap(([group, attributes]) =>
    attributes.filter(({ name }) => wanted.has('all') || wanted.has(group) || wanted.has(name)));
  return [...shown, ...hidden.filter(({ name }) => wanted.has(name))];
}

import type { Value } from '../kernel/value/value.js';

const functions = new Set(
  (
    'And Base64 Cidr Condition Contains EachMemberEquals EachMemberIn Equals FindInMap ForEach GetAtt GetAZs If ' +
    'ImportValue Join Length Not Or Ref RefAll Select Split Sub ToJsonString Transform ValueOf ValueOfAll'
  ).split(' '),
);

/**
 * The long form of a short CloudFormation tag, which is what the tag means (`!Ref x` = `{Ref: x}`, `!GetAtt a.b` =
 * `{"Fn::GetAtt": [a, b]}`); undefined for any other tag. Nushell 0.115 refuses such files, 0.108 drops some of the tags.
 */
export function longForm(tag: string, value: Value): Value | undefined {
  const name = tag.slice(1);
  if (!tag.startsWith('!') || !functions.has(name)) return undefined;
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': dot === -1 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}

/** How names are written in the SQL of MySQL and MariaDB. Whatever stands in a name, what comes out is one name and nothing else. */

export function ticked(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

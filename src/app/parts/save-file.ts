/** Hands the user a file that was made in the page. */
export function saveFile(name: string, content: BlobPart, type = ''): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

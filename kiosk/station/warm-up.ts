/**
 * Loads, after the station is ready, what the first signature will need: pdf-lib, fonts, CMS, the envelope's
 * library. None of it is needed to start, and all of it together takes longer than a start may.
 */
export async function warmUp(log: (line: string) => void): Promise<void> {
  try {
    await import('#packet/sign-document.ts');
    await import('#packet/container.ts');
    await import('#packet/audit-page.ts');
    await import('#biometrics/record.ts');
    await import('#biometrics/seal.ts');
    await import('#biometrics/ink.ts');
    const { loadSdk } = await import('#sync-agent/sdk.ts');
    await loadSdk();
  } catch (error) {
    log(`warming up: ${(error as Error).message}`);
  }
}

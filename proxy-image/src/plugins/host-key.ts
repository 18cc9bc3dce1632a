/**
 * Where a plug-in that travels as one text finds `@loads/vaurien`: a property of the global object, of the process that
 * loads it. A copy of the package inside of it would have registries of its own.
 */
export const HOST_KEY = '@loads/vaurien';

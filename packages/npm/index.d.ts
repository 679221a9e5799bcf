/** The folder of the built page: static files for any web server, under any path. */
export declare const page: string;

// wrong: there are no files
import { readFileSync } from "node:fs";

readFileSync("/etc/hosts");

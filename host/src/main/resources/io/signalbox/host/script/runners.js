// How a call about a table's candidates runs a plugin's function. Evaluated anew for each strategy: a function that calls
// one other function is compiled together with it, one that all plugins share calls each the slow way. (So is a bound
// function; call() is as fast as a call.)
(function (kit) {
  "use strict";
  const { Request, refuse } = kit;

  return {
    // -1, or the index of the candidate whose score is none.
    scoreOne: (score, self) => (view, table, size, flags, params) => {
      if (flags !== 0) table.update(flags, size);
      const request = new Request(view);
      const { current, scores } = table;
      for (let i = 0; i < size; i++) {
        const answer = score.call(self, request, current[i], params);
        if (typeof answer !== "number") {
          refuse(answer);
          return i;
        }
        scores[i] = answer;
      }
      return -1;
    },

    scoreAll: (scoreAll, self) => (view, table, size, flags, params) => {
      if (flags !== 0) table.update(flags, size);
      const { current, scores, written } = table;
      written.length = size;
      for (let i = 0; i < size; i++) written[i] = NaN;
      scoreAll.call(self, new Request(view), current, written, params);
      for (let i = 0; i < size; i++) {
        const answer = written[i];
        if (typeof answer !== "number") {
          refuse(answer);
          return i;
        }
        scores[i] = answer;
      }
      return -1;
    },

    keep: (keep, self) => (view, table, size, flags, params) => {
      if (flags !== 0) table.update(flags, size);
      const request = new Request(view);
      const { current, keep: marks } = table;
      for (let i = 0; i < size; i++) {
        const answer = keep.call(self, request, current[i], params);
        if (typeof answer !== "boolean") {
          refuse(answer);
          return i;
        }
        marks[i] = answer;
      }
      return -1;
    },

    // The index, or -2 for something that is none.
    pick: (pick, self) => (view, table, size, flags, params) => {
      if (flags !== 0) table.update(flags, size);
      const answer = pick.call(self, new Request(view), table.current, params);
      if (Number.isInteger(answer) && answer >= -1 && answer < size) return answer;
      refuse(answer);
      return -2;
    },
  };
});

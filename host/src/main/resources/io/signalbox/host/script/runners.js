// How a call about a table's candidates runs a plugin's function. Evaluated anew for each strategy: a function that calls
// one other function is compiled together with it, one that all plugins share calls each the slow way.
(function (kit) {
  "use strict";
  const { Request, refuse } = kit;

  return {
    // -1, or the index of the candidate whose score is none.
    scoreOne: (score) => (view, table, size, flags, params) => {
      if (flags !== 0) table.update(flags, size);
      const request = new Request(view);
      const { current, scores } = table;
      for (let i = 0; i < size; i++) {
        const answer = score(request, current[i], params);
        if (typeof answer !== "number") {
          refuse(answer);
          return i;
        }
        scores[i] = answer;
      }
      return -1;
    },

    scoreAll: (scoreAll) => (view, table, size, flags, params) => {
      if (flags !== 0) table.update(flags, size);
      const { current, scores, written } = table;
      written.length = size;
      for (let i = 0; i < size; i++) written[i] = NaN;
      scoreAll(new Request(view), current, written, params);
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

    keep: (keep) => (view, table, size, flags, params) => {
      if (flags !== 0) table.update(flags, size);
      const request = new Request(view);
      const { current, keep: marks } = table;
      for (let i = 0; i < size; i++) {
        const answer = keep(request, current[i], params);
        if (typeof answer !== "boolean") {
          refuse(answer);
          return i;
        }
        marks[i] = answer;
      }
      return -1;
    },

    // The index, or -2 for something that is none.
    pick: (pick) => (view, table, size, flags, params) => {
      if (flags !== 0) table.update(flags, size);
      const answer = pick(new Request(view), table.current, params);
      if (Number.isInteger(answer) && answer >= -1 && answer < size) return answer;
      refuse(answer);
      return -2;
    },
  };
});

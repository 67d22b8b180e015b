import Glibc

/// What other processes may read of our command line.
enum ProcessArguments {
    /// Clears the words behind the verb, once they are parsed, so that nobody who is judged reads from a list of processes
    /// what is broken.
    static func hide() {
        let first = 2  // the program and the verb's first word
        for index in first..<max(first, Int(CommandLine.argc)) {
            guard let word = CommandLine.unsafeArgv[index] else { continue }
            memset(word, 0, strlen(word))
        }
    }
}

import OpsCommand
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

@Suite struct AgentDoorTests {
    private func options(_ values: [String: [String]] = [:], forbidden: [String] = []) throws -> AgentOptions {
        try AgentOptions(ParsedArguments(values: values), forbidden: forbidden)
    }

    @Test func `a program is found in PATH, and files of here are meant from everywhere`() throws {
        let directory = try TemporaryDirectory()
        let file = directory.file("agent.py")
        try FileSystem.writeAtomically("", to: file)
        #expect(try AgentDoor("exec:sh -c 'exit 3'") == .program("/usr/bin/sh", ["-c", "exit 3"]))
        #expect(try AgentDoor("exec:/bin/cat \(directory.path)/./agent.py") == .program("/usr/bin/cat", [file]))
        #expect(try AgentDoor("http://127.0.0.1:9000/x") == .address("http://127.0.0.1:9000/x"))
        #expect(try AgentDoor("builtin") == nil)
    }

    @Test func `a program that is a link is started as the link, from the folder where it lies`() throws {
        let directory = try TemporaryDirectory()
        try FileSystem.makeDirectory(directory.file("real"))
        try FileSystem.makeLink(directory.file("way"), to: "real")
        try FileSystem.makeLink(directory.file("real/python"), to: "/usr/bin/python3")
        #expect(try AgentDoor("exec:\(directory.path)/way/python") == .program(directory.file("real/python"), []))
    }

    @Test func `only the script and words with a slash are taken for files of here`() throws {
        let plain = try FileSystem.list(".").filter { name in name.allSatisfy { $0.isLetter || $0 == "." } }
        let name = try #require(plain.first { !FileSystem.isDirectory($0) })
        let path = try #require(FileSystem.realPath(name))
        #expect(try AgentDoor("exec:/bin/cat \(name) \(name)") == .program("/usr/bin/cat", [path, name]))
        #expect(try AgentDoor("exec:/bin/cat -n ./\(name)") == .program("/usr/bin/cat", ["-n", path]))
    }

    @Test func `a server that wants https is refused with a way out`() throws {
        let error = try #require(throws: CommandError.self) { try AgentDoor("https://127.0.0.1:9000/") }
        #expect(error.exitCode == ExitCode.usage)
        #expect(error.hint?.contains("http://HOST:PORT/PATH") == true)
    }

    @Test(arguments: ["exec:", "exec:'", "exec:/nowhere/agent", "exec:no-such-program-here", "exec:/etc/passwd"])
    func `a command that cannot be started is refused before anything is broken`(word: String) {
        #expect(throws: CommandError.self) { try AgentDoor(word) }
    }

    @Test func `what would show a lab or a scenario to the agent is refused`() throws {
        let directory = try TemporaryDirectory()
        let (lab, own) = (directory.file("labs"), directory.file("own"))
        for path in [lab, own] { try FileSystem.makeDirectory(path) }
        try FileSystem.writeAtomically("", to: "\(lab)/key")
        for path in [directory.path, lab, "\(lab)/key", "\(own)/../labs"] {
            #expect(throws: CommandError.self) { try options(["agent-files": [path]], forbidden: [lab]) }
        }
        #expect(throws: CommandError.self) { try options(forbidden: [lab]).agent("exec:/bin/cat \(lab)/key") }
        #expect(try options(["agent-files": [own]], forbidden: [lab]).agent("exec:/bin/cat") != nil)
    }

    @Test func `the level is what really keeps the agent from looking`() throws {
        let confined = try #require(try options().agent("exec:/bin/cat"))
        #expect(confined.isolation(in: .interface) == .sandbox)
        #expect(confined.isolation(in: .users) == .users)
        let free = try #require(try options(["unconfined": []]).agent("exec:/bin/cat"))
        #expect(free.isolation(in: .users) == .interface)
        let away = try #require(try options().agent("http://127.0.0.1:9/"))
        #expect(away.isolation(in: .users) == .interface)
    }
}

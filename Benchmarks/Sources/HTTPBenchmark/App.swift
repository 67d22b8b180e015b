import OpsService

@main
enum App {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        MainThread.run { await HTTPBenchmark(arguments).run() }
    }
}

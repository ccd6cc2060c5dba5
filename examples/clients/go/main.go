// Attention patterns of two prompts, layer by layer as they are computed: go run . HOST:PORT MODEL
package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	v1 "rolescope.example/patterns/gen"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// sink is the mean attention of all heads and queries but the first to key 0; a is [batch, head, query_pos, key_pos].
func sink(a []byte, axes []*v1.Axis) float64 {
	keys := int(axes[3].Size)
	rows, sum := len(a)/4/keys, 0.0
	for row := 0; row < rows; row++ {
		if row%keys > 0 {
			sum += float64(math.Float32frombits(binary.LittleEndian.Uint32(a[4*row*keys:])))
		}
	}
	return sum / float64(rows/keys*(keys-1))
}

func main() {
	channel, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	defer channel.Close()
	stream, err := v1.NewInferenceServiceClient(channel).Capture(context.Background(), &v1.CaptureRequest{
		Model: os.Args[2], Prompts: []string{"Who are you?", "What is rain?"}, Taps: []v1.Tap{v1.Tap_TAP_PATTERN}})
	check(err)
	var header *v1.TensorHeader
	var data []byte
	for message, err := stream.Recv(); !errors.Is(err, io.EOF); message, err = stream.Recv() {
		check(err)
		if next := message.GetHeader(); next != nil {
			header, data = next, nil
		}
		data = append(data, message.GetChunk().GetData()...)
		if header != nil && uint64(len(data)) == header.SizeBytes {
			fmt.Printf("layer %d, prompts %v, %d heads, %d tokens: attention to the first token %.4f\n",
				header.GetLayer(), header.PromptIndices, header.Axes[1].Size, header.Axes[3].Size, sink(data, header.Axes))
			header = nil
		}
	}
}
